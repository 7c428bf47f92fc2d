//! The names of licences, and which shows which.

use super::*;

fn names(text: &str) -> Vec<&'static str> {
    credentials(text, &words::words(text))
        .into_iter()
        .map(|one| one.name)
        .collect()
}

#[test]
fn higher_classes_show_lower_ones() {
    let lesser = TABLE.limits.values().flat_map(|limits| limits.values());
    for name in TABLE
        .implies
        .values()
        .chain(TABLE.taken_for.values())
        .flatten()
        .chain(lesser)
        .chain(TABLE.kind_of.values())
    {
        assert!(TABLE.names.contains(name), "{name}");
    }
    for (held, wanted, want) in [
        ("Lorry licence (category C+E)", "Driving licence", true),
        ("Driving licence", "Commercial driver's licence (CDL)", false),
        ("OSHA 30", "OSHA 10", true),
        ("OSHA 10", "OSHA 30", false),
        ("NEBOSH", "IOSH Managing Safely", true),
        (
            "Advanced Cardiovascular Life Support (ACLS)",
            "Cardiopulmonary resuscitation (CPR)",
            true,
        ),
        ("ServSafe", "ServSafe", true),
        ("Driving licence", "Driving licence (manual)", true),
        ("Driving licence (automatic)", "Driving licence (manual)", false),
        ("Driving licence (automatic)", "Driving licence", true),
        ("Restricted electrical licence", "Electrician licence", false),
    ] {
        assert_eq!(shows(kind(held, None), kind(wanted, None)), want, "{held} / {wanted}");
    }
}

fn kind(name: &'static str, level: Option<u8>) -> Kind {
    Kind { name, level }
}

/// Whatever the classes are called.
#[test]
fn another_class_or_level_is_another_credential() {
    for (held, wanted, shown, may) in [
        ("Class B CDL", "CDL Class A", false, false),
        ("CDL Class A", "Class B CDL", true, false),
        ("CDL", "CDL Class A", false, true),
        ("CDL Class B", "CDL", true, false),
        ("MR licence", "HR licence", false, false),
        ("HC licence", "MR licence", true, false),
        ("OSHA-10", "OSHA 30", false, false),
        ("PRINCE2 Foundation", "PRINCE2 Practitioner", false, false),
        ("PRINCE2 Practitioner", "PRINCE2 Foundation", true, false),
        ("PRINCE2", "PRINCE2 Practitioner", false, true),
        ("PRINCE2 Foundation", "PRINCE2", true, false),
        ("AAT Level 2", "AAT Level 4", false, false),
        ("AAT Level 4", "AAT Level 2", true, false),
        ("AAT", "AAT Level 4", false, true),
        ("AAT Level 2", "AAT", true, false),
        ("CIPD level 3", "CIPD Level 5", false, false),
        ("Food hygiene level 2", "Level 3 food hygiene certificate", false, false),
        ("L3 Food Safety", "Level 3 food hygiene certificate", true, false),
        ("First Aid Level 1", "First Aid Level 3", false, false),
        ("TEFL level 3", "TEFL level 5", false, false),
        (
            "AWS Cloud Practitioner",
            "AWS Solutions Architect Associate",
            false,
            false,
        ),
        ("AWS SAA-C03", "AWS Solutions Architect Associate", true, false),
        ("CCNA", "CCNP", false, false),
        ("CCNP", "CCNA", true, false),
        ("CSCS green card (labourer)", "Black CSCS card", false, false),
        ("Blue CSCS (bricklaying)", "CSCS card", true, false),
        ("Class 2 medical", "Class 1 medical", false, false),
        ("Class 1 medical", "Class 2 medical", true, false),
        ("EASA CPL(A)", "Commercial pilot licence", true, false),
        ("Private pilot license", "Commercial pilot licence", false, false),
        ("CFA Level II passed", "CFA charterholder", false, false),
        ("CFA charterholder", "CFA Level II", true, false),
        ("LMSW", "LCSW", false, false),
        (
            "Journeyman electrician license",
            "Master electrician license",
            false,
            false,
        ),
    ] {
        let read = |text: &str| credentials(text, &words::words(text))[0].kind();
        let (held, wanted) = (read(held), read(wanted));
        assert_eq!(shows(held, wanted), shown, "{held:?} / {wanted:?}");
        assert_eq!(!shown && may_be(held, wanted), may, "{held:?} / {wanted:?}");
    }
}

/// Names as people write them in several countries and trades.
#[test]
fn names_are_known_in_the_forms_of_resumes() {
    for (want, texts) in [
        (
            "Chartered Accountant",
            &[
                "CA (ICAI), 2014",
                "ACA (ICAEW) 2016",
                "FCA, ICAI",
                "CA, SAICA",
                "ICAN (ACA), 2016",
                "CA(SA)",
            ][..],
        ),
        (
            "Wiring regulations (18th Edition)",
            &["18th Edn", "18th Ed", "18th Edition wiring regulations"],
        ),
        (
            "Inspection and testing (2391)",
            &["C&G 2391 Inspection & Testing", "City & Guilds 2391"],
        ),
        ("Forklift licence", &["High Risk Work Licence LF", "Forklift Lic."]),
        (
            "Heavy vehicle licence, MR",
            &["MR licence", "MR driver's licence (NSW)"],
        ),
        (
            "Registered nurse (RN)",
            &["PRC license no. 0712345 (Nurse)", "PRC Nurse license"],
        ),
        (
            "Working with children check (WWCC)",
            &["NSW WWCC - employee", "Working With Children Check"],
        ),
        (
            "Azure Administrator (AZ-104)",
            &["AZ-104", "Azure Administrator certification"],
        ),
        ("CompTIA Security+", &["Sec+", "CompTIA Sec+ CE"]),
        ("Real estate licence", &["Lic. Realtor, FL", "Licensed realtor"]),
        ("First aid certificate", &["FAW, 2025", "First aid cert"]),
        ("Social Work England registration", &["SWE registered"]),
    ] {
        for text in texts {
            assert!(names(text).contains(&want), "{text}: {:?}", names(text));
        }
    }
    for text in [
        "FCA compliance reports",
        "Azure Administrator at Oak Ltd",
        "ACA enrolment of clients",
        "LF parts",
    ] {
        assert!(names(text).is_empty(), "{text}: {:?}", names(text));
    }
}

#[test]
fn credentials_have_one_name() {
    for (text, want) in [
        (
            "PMP certified since 2015",
            &["Project Management Professional (PMP)"][..],
        ),
        (
            "Project Management Professional",
            &["Project Management Professional (PMP)"],
        ),
        (
            "Quill Placeholder, CPA, PMP",
            &[
                "Certified Public Accountant (CPA)",
                "Project Management Professional (PMP)",
            ],
        ),
        (
            "Nurse with ACLS and BLS",
            &[
                "Advanced Cardiovascular Life Support (ACLS)",
                "Basic Life Support (BLS)",
            ],
        ),
        ("Valid driver’s license", &["Driving licence"]),
        ("No tickets, no accidents, Class C.", &["Driving licence"]),
        ("Class D, clean abstract, own truck", &["Driving licence"]),
        ("A class C network of 200 hosts", &[]),
        ("Taught class 5 to draw", &[]),
        ("Class A CDL required", &["Commercial driver's licence (CDL), class A"]),
        (
            "Class A CDL driver, clean MVR",
            &["Commercial driver's licence (CDL), class A"],
        ),
        ("Series 7 and Series 63", &["Series 7", "Series 63"]),
        (
            "AWS Certified Solutions Architect – Associate",
            &["AWS Certified Solutions Architect, Associate"],
        ),
        ("OSHA 10, OSHA 30-hour", &["OSHA 10", "OSHA 30"]),
        (
            "food handler's card, ServSafe",
            &["Food handler certificate", "ServSafe"],
        ),
        ("TEFL", &["TEFL"]),
        ("Führerschein Klasse B", &["Driving licence"]),
        ("RTITB tickets on both", &["Forklift licence"]),
        ("C of Q since 2017", &["Certificate of qualification (Red Seal)"]),
        ("Comfortable working at heights", &[]),
        (
            "HCPC registered",
            &["Health and Care Professions Council registration (HCPC)"],
        ),
        ("RN license in Ohio", &["Registered nurse (RN)"]),
        ("Laid LVT in nine shops", &[]),
        ("RVT (ARDMS), scans of veins", &[]),
        (
            "Licensed veterinary technician since 2015",
            &["Registered veterinary technician (RVT)"],
        ),
        ("Welded 310S stainless", &[]),
        ("310S licence", &["Automotive service technician licence (310S)"]),
        ("ODP in two theatres", &[]),
        ("ODP card", &["Ozone depletion prevention card (ODP)"]),
        ("Privacy officer, CIPP", &[]),
        ("CIPP qualified payroller", &["Payroll certification"]),
        ("Nurse with an annual practising certificate", &[]),
        (
            "Solicitor\u{2019}s practising certificate",
            &["Legal Practice Certificate"],
        ),
        ("Licensed paralegal in Ottawa", &["Ontario paralegal licence"]),
        ("NALA certified", &["NALA certified paralegal"]),
        ("a pump and a cap", &[]),
        ("CPCS card", &["Construction induction card"]),
        ("CPC card", &["Driver CPC"]),
        ("Licensed New South Wales electrician", &["Electrician licence"]),
        ("Licensed and insured electrician", &[]),
        ("Manual handling and driving licence", &["Driving licence"]),
        ("Driver's licence (manual)", &["Driving licence (manual)"]),
        ("Automatic C class driver's licence", &["Driving licence (automatic)"]),
        ("Restricted electrical licence", &["Restricted electrical licence"]),
        ("Danielle Placeholder, RDH", &["Dental hygienist licence"]),
        ("Build bridges", &[]),
    ] {
        assert_eq!(names(text), want, "{text}");
    }
}
