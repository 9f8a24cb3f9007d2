mastheadSection();
summarySection();
curvesSection();
effectsSection();
tableSection();
differencesSection();
samplesSection();
document.getElementById("footer").append(make("p", {}, [`Made by Lathe ${data.version}. This file is complete: it loads nothing.`, ...data.notes].join(" ")));
