//! Degrees by name and form; which of them count for a person or a posting is tested in `education` and `qualification`.

use super::*;

#[track_caller]
fn all(list: &[(&str, Option<(u8, u8)>)]) {
    let wrong: Vec<_> = list
        .iter()
        .filter(|(text, want)| degrees(text) != *want)
        .map(|(text, want)| (text, want, degrees(text)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn degrees_have_levels() {
    all(&[
        ("Bachelor's or Master's degree in physics", Some((3, 4))),
        ("Master’s degree in nursing", Some((4, 4))),
        ("BSc Computer Science, University of Leeds", Some((3, 3))),
        ("Degree in a relevant field", Some((3, 3))),
        ("High school diploma", Some((1, 1))),
        ("Diploma in Culinary Arts", Some((2, 2))),
        ("Ph.D. in chemistry", Some((5, 5))),
        ("Ph. D. in chemistry", Some((5, 5))),
        ("BA (Hons) History", Some((3, 3))),
        ("a BA/BS in a related field", Some((3, 3))),
        ("BS or MS in Computer Science", Some((3, 4))),
        ("B.S./M.S. in engineering", Some((3, 4))),
        ("MS in Statistics", Some((4, 4))),
        ("BS required, MS preferred", Some((3, 4))),
        ("BS and 5 years", Some((3, 3))),
        ("baccalaureate degree from an accredited college", Some((3, 3))),
        ("High school or equivalent", Some((1, 1))),
        ("GED", Some((1, 1))),
        ("five GCSEs", Some((1, 1))),
        ("MBAs welcome", Some((4, 4))),
        ("JD required", Some((5, 5))),
        ("a four-year degree", Some((3, 3))),
        ("Associate's degree", Some((2, 2))),
        ("HND or above", Some((2, 2))),
        ("bsc or phd", Some((3, 5))),
        ("Bachelors degree", Some((3, 3))),
        ("BACHELOR OF SCIENCE", Some((3, 3))),
        ("Masters or PhD", Some((4, 5))),
        ("a relevant degree or equivalent", Some((3, 3))),
    ]);
}

/// Abbreviations of several countries, with and without dots.
#[test]
fn degrees_of_several_countries_have_levels() {
    for (names, level) in [
        (
            &[
                "BNSc Nursing",
                "B.NSc. Nursing",
                "B.Agric Agronomy",
                "BVoc Retail",
                "B.A.M.S",
                "Grad Dip Teaching",
            ][..],
            3,
        ),
        (
            &[
                "OND Accountancy",
                "Cert III in Cookery",
                "Certificate 4 in Training",
                "Dip HE Midwifery",
                "D.Pharm",
            ],
            2,
        ),
        (
            &[
                "VCE 2008",
                "SSCE 2005",
                "T-levels",
                "Leaving Cert 2005",
                "Class XII 2015",
                "10+2 in 2012",
            ],
            1,
        ),
    ] {
        for name in names {
            assert_eq!(degrees(name), Some((level, level)), "{name}");
        }
    }
    for text in [
        "State Board of Nursing licence",
        "and a cert in hand",
        "Class 3 gates",
        "ten plus two",
    ] {
        assert_eq!(degrees(text), None, "{text}");
    }
}

#[test]
fn these_are_no_degrees() {
    let mut wrong = Vec::new();
    for text in [
        "a high degree of accuracy",
        "based in Leeds",
        "Basic knowledge of MS Word and Excel",
        "MS Office, MS SQL Server",
        "Work with scrum masters",
        "Scrum Master",
        "Work with BA and QA teams",
        "Support PhD researchers",
        "Course in welding, Boston, MA, 2014",
        "Baltimore, MD 21201",
        "360-degree feedback",
        "90 degree bends",
        "Master Data Management",
        "webmaster",
        "as needed",
        "JD Edwards",
        "J.D. Edwards",
        "AS400",
        "ed. by",
        "Microsoft Certified",
        "mentored students towards their degrees",
        "BA role",
        "Senior BA",
        "MD Anderson Cancer Center",
        "PA",
        "master the art",
        "a master of deadlines",
        "Master of Ceremonies",
        "Master Electrician",
        "No degree required",
        "A degree is not required",
        "without a degree",
        "MS Dynamics CRM",
        "sales associate",
        "Research Associate",
        "teach high school students",
        "Taught at Lanewick High School",
        "PhD students",
        "supervise Master's students",
        "degrees Celsius",
        "to some degree",
        "flew BA to Leeds",
        "bed",
        "med",
        "Educating owners on meds and after care",
        "make beds, shake out mats",
        "Head master",
        "Quiz Master in residence",
        "Managing Director (MD)",
        "reports to the MD",
        "MA Consulting",
        "as in",
        "or as",
        "DO not",
        "Me in charge",
        "be in touch",
        "Certificate in First Aid",
        "PM or BA experience",
        "B2B",
        "IT BA / PM",
        "Bed and breakfast",
        "60 mph",
        "March 2019 to November 2021",
        "MARCH 2021",
        "Oak School, March 2012",
        "paid in AUD",
        "FDA and MLS rules",
        "fine-tuned an LLM",
        "concrete of 40 MPa",
    ] {
        if let Some(found) = degrees(text) {
            wrong.push((text, found));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn degrees_of_the_world() {
    let mut wrong = Vec::new();
    for (level, names) in [
        (
            5,
            &[
                "PhD",
                "Ph.D.",
                "Ph. D.",
                "DPhil",
                "EdD",
                "Ed.D.",
                "PharmD",
                "Pharm.D.",
                "DVM",
                "M.D.",
                "J.D.",
                "MD",
                "JD",
                "Doctor of Medicine",
                "Juris Doctor",
                "DNP",
                "Dr.-Ing.",
                "Dr. rer. nat.",
                "Doctorat en droit",
                "Doctorado",
                "Dottorato di ricerca",
                "Doutorado",
                "doktorat",
                "Doktorsexamen",
                "Кандидат наук",
                "博士",
                "دكتوراه",
                "D.Phil.",
            ][..],
        ),
        (
            4,
            &[
                "MSc",
                "M.Sc.",
                "M.Sc",
                "M. Sc.",
                "MS",
                "M.S.",
                "MA",
                "M.A.",
                "MBA",
                "M.B.A.",
                "MEng",
                "M.Eng.",
                "MEd",
                "M.Ed.",
                "M. Ed.",
                "MFA",
                "M.F.A.",
                "MPhil",
                "MTech",
                "M.Tech",
                "M. Tech.",
                "LLM",
                "LL.M.",
                "MPH",
                "MSW",
                "MCA",
                "Master in Civil Engineering",
                "Master of Science",
                "Masters of Arts",
                "Master's",
                "Masters",
                "Master",
                "Dipl.-Ing.",
                "Diplom-Ingenieur",
                "Diplom",
                "Magister",
                "Staatsexamen",
                "Maîtrise",
                "Máster en Finanzas",
                "Maestría",
                "Laurea magistrale",
                "Mestrado",
                "yüksek lisans",
                "магистр",
                "硕士",
                "修士",
                "ماجستير",
                "Civilingenjör",
                "Bac+5",
            ],
        ),
        (
            3,
            &[
                "BSc",
                "B.Sc.",
                "B.Sc",
                "B. Sc.",
                "B Sc",
                "BSc (Hons)",
                "BS",
                "B.S.",
                "BA",
                "B.A.",
                "BE",
                "B.E.",
                "B.E",
                "BEng",
                "B.Eng.",
                "BTech",
                "B.Tech",
                "B. Tech.",
                "B-Tech",
                "BCom",
                "B.Com",
                "B. Com.",
                "BBA",
                "B.B.A.",
                "BSN",
                "LLB",
                "LL.B.",
                "L.L.B.",
                "BEd",
                "B.Ed.",
                "BFA",
                "MBBS",
                "M.B.B.S",
                "Bachelor of Engineering",
                "Bachelors of Science",
                "Bachelor",
                "Bachelor's Degree",
                "Licenciatura en Derecho",
                "Licenciado en Economía",
                "Laurea triennale",
                "Laurea",
                "Licence professionnelle",
                "Bacharelado",
                "Licencjat",
                "Inżynier",
                "бакалавр",
                "学士",
                "本科",
                "학사",
                "بكالوريوس",
                "Lisans",
                "Kandidatexamen",
                "Bac+3",
                "Dipl.-Ing. (FH)",
                "Grado en Historia",
                "Postgraduate Diploma",
                "Degree",
            ],
        ),
        (
            2,
            &[
                "A.A.S. Welding",
                "AAS",
                "A.A.",
                "A.S.",
                "AS",
                "AA",
                "Associate of Arts",
                "Associate of Applied Science",
                "Associate's Degree",
                "Associates Degree",
                "HND",
                "HNC",
                "NVQ Level 3",
                "BTEC",
                "Foundation degree",
                "Diploma",
                "Abgeschlossene Berufsausbildung",
                "Ausbildung zum Elektroniker",
                "Gesellenbrief",
                "Meisterbrief",
                "Técnico Superior",
                "Formación profesional",
                "BTS",
                "MBO",
                "大专",
                "среднее специальное",
                "دبلوم",
            ],
        ),
        (
            1,
            &[
                "High School Diploma",
                "High School",
                "GED",
                "GCSE",
                "GCSEs",
                "A-levels",
                "A levels",
                "Abitur",
                "Matura",
                "Baccalauréat",
                "Bachillerato",
                "Ensino médio",
                "高中",
                "HSC",
                "Mittlere Reife",
                "ثانوية عامة",
            ],
        ),
    ] {
        for name in names {
            for text in [
                format!("{name}, Lanewick, 2014"),
                (*name).to_owned(),
                format!("2010 - 2014 {name}"),
                format!("{name} : Welding"),
            ] {
                let found: Vec<u8> = find(&text, true).iter().map(|degree| degree.level).collect();
                if found != [level] {
                    wrong.push((text, level, found));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
