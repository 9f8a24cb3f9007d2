/// The words of the synthetic corpus. The first entries of a list are the most likely.
let covidLexicon = #"""
    list city.country: Lagos|Nigeria / Lima|Peru / Milan|Italy / Seoul|South Korea / New York|the U.S. / Mumbai|India / Madrid|Spain / Berlin|Germany / Nairobi|Kenya / Toronto|Canada / Jakarta|Indonesia / Bogota|Colombia / Cairo|Egypt / Osaka|Japan / Seattle|the U.S. / Manila|the Philippines / Warsaw|Poland / Lyon|France / Santiago|Chile / Accra|Ghana / Dhaka|Bangladesh / Lisbon|Portugal / Chicago|the U.S. / Hanoi|Vietnam / Tehran|Iran / Vienna|Austria / Glasgow|Scotland / Quito|Ecuador / Kampala|Uganda / Athens|Greece / Montreal|Canada / Dublin|Ireland / Karachi|Pakistan / Sydney|Australia / Oslo|Norway / Houston|the U.S. / Rabat|Morocco / Prague|the Czech Republic / Havana|Cuba / Lusaka|Zambia / Naples|Italy / Busan|South Korea / Boston|the U.S. / Delhi|India / Seville|Spain / Hamburg|Germany / Mombasa|Kenya / Vancouver|Canada / Medan|Indonesia / Cali|Colombia / Luxor|Egypt / Kobe|Japan / Detroit|the U.S. / Cebu|the Philippines / Gdansk|Poland / Marseille|France / Kumasi|Ghana / Porto|Portugal / Da Nang|Vietnam / Salzburg|Austria / Leeds|England / Manchester|England / Izmir|Turkey / Ankara|Turkey / Tunis|Tunisia / Dakar|Senegal / Bucharest|Romania / Budapest|Hungary / Zagreb|Croatia / Helsinki|Finland / Bergen|Norway / Malmo|Sweden / Utrecht|the Netherlands / Antwerp|Belgium / Perth|Australia / Auckland|New Zealand / Durban|South Africa / Harare|Zimbabwe / Kathmandu|Nepal / Colombo|Sri Lanka
    register town city
    list hospital: Mercy / Riverside / St Mary's / Lakeview / Hope / Northgate / St Luke's / Central / Green Hill / Harbor / Trinity / Westfield / St Anne's / Unity / Kingsway / Memorial / Lincoln / Eastside / Sunrise / Holy Cross / Parkview / Bethany / Cedar / Victoria / Northern / Providence / Good Hope / Valley
    register house hospital
    list hospital_kind.short: Hospital|hospital / Medical Center|center / Clinic|clinic / University Hospital|hospital
    register kind hospital_kind
    list first_name.she.her.hers: Maria|she|her|her / David|he|him|his / Amina|she|her|her / James|he|him|his / Priya|she|her|her / Carlos|he|him|his / Sofia|she|her|her / Ahmed|he|him|his / Grace|she|her|her / Daniel|he|him|his / Elena|she|her|her / Kenji|he|him|his / Fatima|she|her|her / Peter|he|him|his / Lucia|she|her|her / Samuel|he|him|his / Hannah|she|her|her / Victor|he|him|his / Mei|she|her|her / Thomas|he|him|his / Ngozi|she|her|her / Rafael|he|him|his / Julia|she|her|her / Omar|he|him|his / Ingrid|she|her|her / Joseph|he|him|his / Leila|she|her|her / Marek|he|him|his / Rosa|she|her|her / Ravi|he|him|his / Anna|she|her|her / Paul|he|him|his / Yuki|she|her|her / Ivan|he|him|his / Zainab|she|her|her / Luis|he|him|his / Clara|she|her|her / Abdul|he|him|his / Naomi|she|her|her / Erik|he|him|his / Teresa|she|her|her / Kofi|he|him|his / Irene|she|her|her / Hugo|he|him|his / Lina|she|her|her / Diego|he|him|his / Miriam|she|her|her / Felix|he|him|his / Chiara|she|her|her / Tariq|he|him|his / Olga|she|her|her / Simon|he|him|his / Adaeze|she|her|her / Mateo|he|him|his / Jana|she|her|her / George|he|him|his / Nadia|she|her|her / Emeka|he|him|his / Marta|she|her|her / Martin|he|him|his
    register doctor first_name
    register patient first_name
    register official first_name
    list last_name: Okafor / Garcia / Rossi / Kim / Patel / Schmidt / Mensah / Silva / Tanaka / Novak / Haddad / Murphy / Nguyen / Torres / Laurent / Bello / Cohen / Olsen / Wilson / Khan / Moreno / Fischer / Adeyemi / Santos / Ivanov / Park / Mwangi / Dubois / Rahman / Kelly / Mendoza / Larsen / Sato / Romano / Chen / Abebe / Diallo / Weber / Costa / Suzuki / Brown / Petrov / Osei / Lopez / Nielsen / Ali / Morales / Wagner / Banda / Oliveira / Horvat / Lee / Otieno / Bernard / Hossain / Walsh / Vargas / Berg / Yamamoto / Conti / Wang / Tesfaye / Jimenez / Becker / Eze / Pereira / Popov / Choi / Kamau / Moreau / Ahmad / Byrne / Rojas / Holm / Ito / Greco
    register doctor_last last_name
    register official_last last_name
    list title: health minister / mayor / chief epidemiologist / governor / director of public health / health commissioner / deputy minister / chief medical officer
    register office title
    list specialty: intensive care specialist / infectious disease specialist / pulmonologist / emergency physician / virologist / pediatrician / anesthesiologist / cardiologist
    register field specialty
    list job: a nurse / a teacher / a bus driver / a retired farmer / a shop owner / an engineer / a cook / a police officer / a student / a musician / a retired miner / a tailor / an accountant / a fisherman / a cleaner / a journalist / a baker / a pharmacist / a carpenter / a librarian / a tour guide / a taxi driver / a priest / a plumber / a waiter / a farmer / a lawyer / a clerk / a grandmother of six / a soldier / a hairdresser / an electrician
    register work job
    list age: 52 / 67 / 45 / 71 / 38 / 59 / 63 / 34 / 48 / 76 / 29 / 81 / 41 / 56
    register years age
    list drug: remdesivir / dexamethasone / favipiravir / ivermectin / tocilizumab / molnupiravir / baricitinib / colchicine / budesonide / nirmatrelvir / heparin / hydroxychloroquine
    register medicine drug
    list vaccine.kind: BNT162b2|mRNA / mRNA-1273|mRNA / AZD1222|viral vector / CoronaVac|inactivated virus / Sputnik V|viral vector / NVX-CoV2373|protein / Covaxin|inactivated virus
    register shot vaccine
    list variant.letter: Delta|B.1.617.2 / Omicron|B.1.1.529 / Alpha|B.1.1.7 / Beta|B.1.351 / Gamma|P.1 / Lambda|C.37
    register strain variant
    list university: the University of Oxford / Johns Hopkins University / Imperial College / the University of Lagos / Seoul National University / the University of Milan / Stanford University / McGill University / Kyoto University / the Pasteur Institute / the Karolinska Institute / the University of Cape Town
    register school university
    list agency: the WHO / the CDC / the ministry of health / the NIH / the FDA / the ECDC / the Red Cross / the NHS / UNICEF
    list agency_people: aid workers / health inspectors / union leaders / school principals / hospital managers / local officials / business owners / city planners / charity workers / immunologists / statisticians / epidemiologists / economists / social workers / village elders / data analysts
    list month: March / April / January / December / July / November / August / February / October / May / September / June
    register moon month
    list year: 2020 / 2021 / 2022
    register date year
    list weekday: Monday / Tuesday / Wednesday / Thursday / Friday / Saturday / Sunday
    list thousands: 1,200 / 2,400 / 3,150 / 1,850 / 4,600 / 5,300 / 7,900 / 2,750 / 6,480 / 9,120 / 3,900 / 8,340 / 12,500 / 10,700 / 15,200 / 21,600 / 18,450 / 30,900
    register tally thousands
    list people: 240 / 300 / 450 / 620 / 1,062 / 800 / 1,433 / 530 / 2,100 / 3,024 / 980 / 4,800
    register sample people
    list dozens: 24 / 40 / 36 / 60 / 85 / 120 / 48 / 72 / 96 / 150 / 210 / 18
    register beds dozens
    list percent: 30 / 25 / 40 / 15 / 60 / 70 / 12 / 50 / 35 / 45 / 80 / 55 / 20 / 65 / 75
    list rate: 3.5 / 8.2 / 12.4 / 5.1 / 2.7 / 15.6 / 6.8 / 9.3 / 1.9 / 21.3 / 4.4 / 10.5
    list efficacy: 95 / 94 / 76 / 66 / 91 / 89 / 72 / 81 / 67 / 78
    register effect efficacy
    list number: three / two / four / five / six / ten / eight / seven / nine / twelve / fifteen / twenty
    list ordinal: second / first / third / fourth / fifth
    register wave ordinal
    list symptom: fever / a dry cough / fatigue / shortness of breath / a headache / muscle pain / a sore throat / chest pain / loss of smell / nausea / chills / dizziness / a rash / confusion / a stuffy nose / abdominal pain / insomnia / sneezing / joint pain / blurred vision
    list after_effect: a sore arm / a mild fever / tiredness / a headache / swelling / a rash / muscle aches / chills / fever and chills / a stiff neck / nausea / a sleepless night / dizziness / a racing heart
    list condition: diabetes / asthma / high blood pressure / heart disease / obesity / chronic kidney disease / cancer / lung disease / sickle cell disease / liver disease / HIV / epilepsy / tuberculosis / lupus / arthritis / malaria
    list measure.was: a night curfew|was / a strict lockdown|was / mandatory masks|were / mass testing|was / contact tracing|was / travel limits|were / remote learning|was / a ban on large gatherings|was / border controls|were / free masks|were / home quarantine|was / social distancing|was / a stay-at-home order|was / a vaccine mandate|was / a health pass|was / weekly tests|were / airport screening|was / a ban on alcohol|was / paid sick leave|was / a public inquiry|was / field hospitals|were / cash payments|were / a mask mandate|was / a hotline|was / school closures|were / a travel ban|was / emergency loans|were / free rapid tests|were
    list places: schools / restaurants / markets / churches / gyms / shops / factories / theaters / museums / libraries / hotels / bars / stadiums / universities / mosques / temples / playgrounds / cinemas / nightclubs / offices / courts / swimming pools / cafes / warehouses / food stalls / bakeries / bus stations / tea houses / barber shops / parks
    list workers: nurses / doctors / paramedics / volunteers / health workers / technicians / students / pharmacists / retired nurses / soldiers / surgeons / ambulance drivers / medical students / cleaners / laboratory staff / midwives / social workers / paramedics from other cities
    list groups: older adults / pregnant women / children / people with diabetes / front-line workers / young adults / cancer patients / teachers / nursing home residents / people over 65 / smokers / low-income families / people with asthma / refugees / prisoners / night-shift workers / truck drivers / farm workers / students / mothers of young children / transplant patients / pharmacists / market traders / tourists / nurses / travelers
    list supplies: oxygen / masks / ventilators / gloves / test kits / PPE / protective gowns / PCR tests / hand sanitizer / syringes / face shields / rapid tests / beds / blankets / vaccines / goggles / food parcels / oxygen tanks / thermometers / blood samples / antiviral pills / body bags / N95 masks / intravenous drips
    list source: a report / a survey / official data / local media / a study in Nature / a review / early figures / the latest bulletin / a preprint / a statement / a leaked memo / the city council / satellite data / a new model / hospital records / the national news agency / a panel of experts / a phone survey of 900 adults / an audit / census data
    list sector: tourism / retail / transport / farming / construction / manufacturing / education / the arts / aviation / banking / fishing / mining / hospitality / sport / shipping / textiles / real estate / street trade / publishing / film / health care / catering
    list protein: the spike protein / the nucleocapsid / the membrane protein / the receptor-binding domain / the furin site / the polymerase
    register target protein
    list animal: mice / hamsters / monkeys / ferrets / bats / mink
    register host animal
    list method.was: PCR testing|was / genome sequencing|was / electron microscopy|was / X-ray crystallography|was / antibody tests|were / computer models|were / wastewater sampling|was / X-ray imaging|was / machine learning|was / cell cultures|were / protein modeling|was / flow cytometry|was / serum samples|were / deep sequencing|was / animal studies|were
    register tool method
    list journal: Nature / The Lancet / Science / Cell / The BMJ / JAMA
    register paper journal
    list emotion: afraid / tired / hopeful / lonely / relieved / grateful / worried / angry / calm / exhausted / abandoned / guilty / proud / anxious / helpless / safe / confused / lucky / betrayed / numb / cautious
    list adverb: slowly / sharply / steadily / quickly / suddenly / gradually / dramatically / slightly / rapidly / markedly / unexpectedly / a little / noticeably / briefly / for weeks / again / as expected / without warning / worldwide / within days / across the region / far more than before
    list digit: 1 / 2 / 3 / 4 / 5 / 6 / 7 / 8 / 9
    list figure: 0 / 5 / 2 / 8 / 4 / 6 / 3 / 7 / 1 / 9
    list day: 14 / 3 / 21 / 9 / 27 / 1 / 18 / 6 / 30 / 12 / 24 / 2 / 16 / 8 / 22 / 11 / 5 / 29 / 19 / 13 / 7 / 26 / 4 / 17 / 25 / 10 / 23 / 15 / 28 / 20
    list people_quality: young / elderly / exhausted / unvaccinated / local / healthy / poor / desperate / infected / retired / foreign / anxious / vulnerable / grateful / hospitalized / homeless / vaccinated / frightened / skeptical / rural / wealthy / pregnant / grieving / patient / stranded / unpaid / experienced / careful / lonely / asymptomatic / brave / angry
    list quality: new / strict / sudden / serious / modest / controversial / unusual / severe / early / temporary / remarkable / costly / popular / global / hidden / reliable / cautious / urgent / alarming / long-awaited / unexpected / brief / partial / official / regional / preliminary / dangerous / lasting / simple / successful / unpopular / widespread
    list verb_say: argued / noted / estimated / claimed / feared / insisted / concluded / admitted / predicted / complained / hoped / stressed / repeated / doubted / wrote / agreed
    list place: the old market / the airport / the bus station / a parking lot / the football stadium / a school gym / the main square / a church hall / the harbor / the university campus / the town hall / a tent outside / the railway station / a converted hotel / the convention center / a mobile clinic
    list topic_noun: outbreak / shortage / lockdown / vaccine / decision / delay / epidemic / recovery / response / infection / mutation / policy / plan / crisis / quarantine / discovery / protest / figure / warning / test / treatment / rumor / budget / mistake / forecast / study
    register plan measure
    register means method
    """#
