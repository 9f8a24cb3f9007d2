/// The titles, leads and sentences of each kind of article.
let covidArticles = [
    #"""
    rule outbreak_title
    2 COVID-19 in {town}: {moon} {date}
    2 {town} Faces a {strain} Wave
    1 The {wave} Wave Reaches {town}
    1 {town} Counts Its Cases
    rule outbreak_lead
    3 health officials in {town}, {town.country}, reported {tally} new cases of COVID-19 in {moon} {date}, most of them caused by the {strain} variant.
    2 {town} recorded {tally} infections in {moon} {date}, as the {strain} variant spread across {town.country} during the {wave} wave.
    1 the {wave} wave of COVID-19 reached {town}, {town.country}, in {moon} {date}, and {tally} people tested positive within {number} weeks.
    rule outbreak_clause
    3 new cases {change}
    2 the number of {people_quality} [patients|victims] {change}
    2 the {strain} variant [caused|accounted for] {share} of the infections
    3 {official_name} {said} that the {tally} cases were [only the beginning|a warning|no surprise]
    2 {official_name} [announced|ordered|proposed] {measure} on {day} {month}
    2 {places} and {places} [closed|stayed closed] for {number} weeks
    2 the city [began|ended|extended] {measure} on {weekday}
    2 the test positivity rate {change}
    2 {the_hospital} [admitted|treated] {count} {people_quality} patients with {severity} symptoms
    1 contact tracers [called|visited|found] {count} {people_quality} [families|households]
    2 most of those infected [had|reported] {symptom} and {symptom}
    2 {town} [lacked|ran out of|received] {supplies}
    1 the {strain} variant, known as {strain.letter}, spread {adverb}
    1 {people_quality} residents of {town} [queued|waited] at {place} for {number} hours
    1 the {wave} wave [peaked|slowed|ended] in {moon}
    """#,
    #"""
    rule ward_title
    2 Inside the ICU at {house} {kind}
    1 A Night at {house} {kind}, {town}
    1 The Nurses of {house} {kind}
    1 A {weekday} with Dr {doctor} {doctor_last}
    rule ward_lead
    3 at {house} {kind} in {town}, all {beds} beds of the intensive care unit were full when Dr {doctor} {doctor_last}, {specialist}, began {doctor.hers} shift.
    2 Dr {doctor} {doctor_last}, {specialist} at {house} {kind} in {town}, has treated COVID-19 patients since {moon} {date}.
    2 when {patient}, {years} and {work}, arrived at {house} {kind} in {town}, {patient.hers} oxygen level had fallen to {percent} percent.
    rule specialist
    1 [the senior|the chief] {field}
    rule ward_clause
    3 {patient_name} was [moved to|kept in|sent from] the ICU with {symptom} and {symptom}
    2 {patient_name} [needed|received] oxygen for {number} days
    2 {doctor_name} gave {patient.her} {medicine}
    2 {doctor_name} {said} that {doctor.she} felt {emotion}
    3 {doctor_name} [checked|treated|examined] {number} {people_quality} patients with {condition}
    2 {the_hospital} had {beds} beds and only {number} {workers}
    2 {the_hospital} ran short of {supplies}
    2 {people_quality} {workers} [worked|slept] at {the_hospital} for {number} days
    2 {patient_name} [thanked|remembered|trusted] {doctor_name2}
    2 the family of {patient} [waited|called|prayed] at {place} every {weekday}
    1 {patient} called {patient.hers} [mother|sister|brother|children] by video
    2 {patient_name} [recovered|went home|left the ICU] after {number} weeks
    1 the ventilator [breathed for|was ready for|kept alive] {patient}
    1 visitors were not allowed at {the_hospital}
    2 {doctor_name} [had not slept|had not seen {doctor.hers} family|had worked] for {number} days
    rule doctor_name2
    1 Dr {doctor_last}
    1 ?doctor {doctor.her}
    """#,
    #"""
    rule trial_title
    2 Trial of {medicine} Gives [Mixed|Clear|Early] Results
    1 The Doctors Who Trust {medicine}
    1 {medicine}: What the Data Show
    rule trial_lead
    3 researchers at {school} gave {medicine} to {sample} patients with COVID-19, and published the results in {paper} in {moon} {date}.
    2 a trial of {medicine} with {sample} volunteers, led by {school}, ended in {moon} {date}.
    1 a study in {paper} by {school} followed {sample} patients who took {medicine} for {number} days.
    rule trial_clause
    3 {medicine} [reduced|lowered|did not change] {risk} by {share}
    3 {scientists} {showed} that {medicine} [helped|did not help] patients with {severity} symptoms
    2 the {sample} patients were divided into {number} groups
    2 patients who took {medicine} recovered {number} days [earlier|later]
    2 the placebo group had a death rate of {share}
    2 {agency} [approved|rejected|reviewed] {medicine} for {groups}
    2 side effects such as {after_effect} were [rare|common|mild]
    2 {doctor_name} {said} that the results were [promising|weak|solid|{quality}]
    2 {people_quality} {groups} with {condition} were [excluded|included]
    2 {scientists} measured [viral load|oxygen levels|antibodies] every {number} hours
    1 the dose of {medicine} was {beds} mg
    1 {medicine} costs about {percent} dollars a day
    2 the trial was [stopped|extended|repeated] after {number} months
    1 the paper in {paper} has been [cited|corrected|criticized] since
    1 larger trials of {medicine} are [needed|planned|under way]
    """#,
    #"""
    rule campaign_title
    2 {town} Begins Its Vaccination Campaign
    1 A Million Doses for {town}
    1 {shot} Arrives in {town}
    rule campaign_lead
    3 {town}, {town.country}, began to vaccinate {groups} with {shot}, an {shot.kind} vaccine that is {effect} percent effective, in {moon} {date}.
    2 the first {tally} doses of {shot} arrived in {town}, {town.country}, on a {weekday} in {moon} {date}.
    rule campaign_clause
    3 {count} {people_quality} {groups} [received|were given] {shot}
    2 {shot} [was|proved] {effect} percent effective against {severity} disease
    2 the first doses went to {groups}
    2 side effects such as {after_effect} [lasted|ended within] {number} days
    2 {official_name} [received|got] the first dose on {weekday}
    2 {official_name} {said} that {share} of {groups} had been vaccinated
    2 {patient_name} [felt {emotion}|had {after_effect}] after the second dose
    2 {shot} must be kept at {rate} degrees
    2 {workers} gave {count} injections a day at {place}
    2 {agency} [sent|promised|delayed] {count} more doses
    1 antibodies {rose} {adverb} after the booster
    1 {share} of {people_quality} {groups} [refused|wanted|delayed] the vaccine
    2 vaccination centers opened in {places} and at {place}
    1 {quality} rumors about {shot} spread {adverb}
    1 {doctor_name} answered questions about {shot}
    """#,
    #"""
    rule economy_title
    2 {town} Counts the Cost of COVID-19
    1 After the Lockdown in {town}
    1 Jobs, Schools and the Pandemic in {town}
    rule economy_lead
    3 {measure} in {town}, {town.country}, cost {tally} jobs in {moon} {date}, most of them in {sector}.
    2 in {moon} {date}, after {number} weeks of {measure}, {places} in {town}, {town.country}, opened their doors again.
    rule economy_clause
    3 unemployment in {town} {change}
    2 {sector} lost {share} of its [income|workers|customers]
    2 {places} [lost|laid off|rehired] {count} {people_quality} workers
    3 {official_name} [promised|announced|defended] {measure}
    2 the government of {town.country} [paid|lent] {count} dollars to each {people_quality} [family|farmer|student]
    2 {patient_name} lost {patient.hers} job in {sector}
    2 {patient_name} [sold|closed|reopened] {patient.hers} [shop|stall|business]
    2 prices {change}
    2 children [missed|lost] {number} months of school
    2 {places} and {places} [reopened|closed] under new rules
    1 food banks in {town} [fed|helped] {count} {people_quality} families a week
    1 {share} of {people_quality} workers [worked from home|changed jobs]
    1 rents in {town} {change}
    1 economists [expect|expected] a {quality} {topic_noun} in {sector}
    2 the {quality} {topic_noun} hurt {sector} more than {sector}
    """#,
    #"""
    rule laboratory_title
    2 How the {strain} Variant Changed
    1 What {target} Tells Us
    1 A Closer Look at {strain.letter}
    rule laboratory_lead
    3 using {tool}, scientists at {school} studied how mutations in {target} help the {strain} variant, or {strain.letter}, to enter human cells.
    2 a team at {school} infected {host} with the {strain} variant in {moon} {date}, to learn how {target} changes.
    rule laboratory_clause
    3 {target} [binds|attaches] to the ACE2 receptor {adverb}
    2 mutations in {target} [raised|lowered|did not affect] {risk}
    3 {scientists} {showed} that {strain.letter} grows {adverb} in {host}
    2 {host} infected with the {strain} variant [lost weight|recovered|developed antibodies] within {number} days
    2 {tool} {showed} {number} mutations in the RNA
    2 antibodies against {target} {rose} {adverb}
    2 T cells [recognized|attacked|ignored] {target}
    2 {shot} protected {share} of the {host}
    2 {doctor_name} {said} that {tool} {tool.was} [essential|slow|not enough|{quality}]
    1 the genome of {virus} has about {count} bases
    2 {agency} named {strain.letter} a variant of concern
    2 the samples came from {count} {people_quality} {groups} in {town}
    1 {scientists} [repeated|published|shared] the experiment in {paper}
    1 the {strain} variant [replaced|outgrew|displaced] earlier strains
    1 {medicine} [blocked|slowed|did not stop] the virus in {host}
    """#,
]
