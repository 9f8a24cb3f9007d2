mastheadSection();
summarySection();
curvesSection();
effectsSection();
tableSection();
differencesSection();
samplesSection();
document.getElementById("footer").append(make("p", {}, [`Made by Lathe ${data.version}. This file is self-contained: it loads nothing.`, ...data.notes].join(" ")));
