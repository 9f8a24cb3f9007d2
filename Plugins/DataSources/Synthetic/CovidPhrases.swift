/// Phrases that several kinds of articles share, and the sentences that fit in all of them.
let covidPhrases = #"""
    rule opener
    3 however
    2 on {day} {month}
    2 according to {source}
    2 on {weekday}
    1 at the same time
    1 for now
    1 in addition
    1 last [week|month|weekend]
    1 as a result
    1 by the end of {month}
    1 during the {wave} wave
    1 after the {quality} {topic_noun}
    2 ?town in {town}
    1 despite the {topic_noun}
    2 after {number} [weeks|months|days|nights]
    1 like many {people_quality} {groups}
    rule circumstance
    3 near {city}
    3 on {day} {month}
    2 at {place}
    2 with {number} {people_quality} {groups}
    2 after a {quality} {topic_noun}
    1 before {weekday} {day} {month}
    1 near {place} in {city}
    rule count
    2 {digit},{figure}{figure}{figure}
    2 {digit}{figure}{figure}
    1 {digit}{figure},{figure}{figure}{figure}
    1 {digit}{figure}
    rule share
    2 {digit}{figure} percent
    1 {digit}{figure}.{figure}%
    1 {digit}.{figure}%
    1 {digit} percent
    rule the_hospital
    2 {house} {kind}
    3 ?house the {kind.short}
    rule doctor_name
    2 !doctor Dr {doctor} {doctor_last}
    2 ?doctor Dr {doctor_last}
    2 ?doctor {doctor.she}
    rule official_name
    2 !official {official} {official_last}, the {office},
    2 ?official the {office}
    1 ?official {official_last}
    1 ?official {official.she}
    rule patient_name
    2 !patient {patient}, {years} and {work},
    3 ?patient {patient}
    3 ?patient {patient.she}
    rule witness
    3 {first_name} {last_name}, {age} and {job}
    2 {first_name} {last_name}, {job}
    1 {first_name} {last_name} of {school}
    rule virus
    4 the virus
    2 COVID-19
    1 SARS-CoV-2
    1 the {strain} variant
    rule scientists
    3 researchers [at|from] {school}
    2 scientists
    2 the [researchers|authors|team]
    1 {school}
    rule said
    3 said
    2 warned
    1 explained
    1 added
    1 told reporters
    3 {verb_say}
    rule showed
    3 showed
    2 suggested
    2 found
    1 confirmed
    rule rose
    4 rose
    2 fell
    1 climbed
    1 dropped
    rule change
    3 {rose} by {share}
    2 {rose} {adverb}
    1 {rose} to {count}
    1 {rose} from {count} to {count}
    rule severity
    3 severe
    3 mild
    1 critical
    rule risk
    3 the risk of [infection|death|hospitalization|long COVID]
    1 the spread of {virus}
    1 the need for {supplies}
    1 the fear of a {quality} {topic_noun}
    rule fact
    3 {virus} spreads [mainly|easily] through [the air|close contact|small droplets]
    2 the incubation period is about {number} days
    2 most infections cause {severity} symptoms
    2 masks [reduce|lower] {risk}
    2 {people_quality} {groups} face a higher risk
    2 {symptom} is [an early sign|a common symptom] of infection
    1 washing hands lowers {risk}
    2 the {topic_noun} was {quality}
    2 {groups} with {condition} recover {adverb}
    rule common_sentence
    3 {^}{common_clause}.
    1 {^}{opener}, {common_clause}.
    1 {^}{common_clause}, {quoted}.
    2 "{^}{quote}," said {witness}.
    1 {^}was it a {quality} {topic_noun}?
    rule quoted
    1 [but|and|while] {common_clause}
    1 {said} {witness}
    rule quote
    2 we had {count} {supplies} and {number} {people_quality} {workers}
    2 the {topic_noun} was {quality}, and I felt {emotion}
    2 my [mother|father|son|daughter|neighbor] had {symptom} and {symptom}
    2 I waited {number} [hours|days] at {place}
    1 nobody told us about the {topic_noun}
    1 every {weekday} I pray at {place}
    1 the {topic_noun} and the {topic_noun} made me {emotion}
    1 our {people_quality} {workers} need {supplies}, not a {quality} {topic_noun}
    rule common_clause
    3 {agency} {said} that {fact}
    3 {official_name} {said} that {plan} {plan.was} [needed|too late|{quality}|a mistake]{-plan}
    2 {people_quality} {groups} were [advised|asked] to [stay home|wear masks|get tested|avoid {places}]
    2 {symptom} and {symptom} were the most common complaints
    2 {people_quality} {workers} [worked|waited] at {place} without enough {supplies}
    2 many {people_quality} [people|families|residents] felt {emotion}
    2 {agency} [sent|donated] {count} {supplies} to {town}
    2 {places} near {place} [closed|reopened|stayed open] on {day} {month}
    2 {agency_people} [know|agree|believe|doubt] that {fact}
    1 nobody knew [how long|whether] the {topic_noun} would last
    2 {groups} with {condition} [were|remained] at greater risk
    2 {agency} [approved|recommended|questioned] {measure} for {town.country} in {month}
    1 long COVID can cause {symptom} for {number} months
    2 {count} {people_quality} {groups} gathered at {place}
    2 {agency_people} [called for|rejected|discussed] {measure} after a {quality} {topic_noun}
    2 {witness}, {said} that {fact}
    2 {source} [described|revealed|mentioned] a {quality} {topic_noun} at {place}
    """#
