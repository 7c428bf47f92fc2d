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
        assert_eq!(shows(held, wanted), want, "{held} / {wanted}");
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
        ("Class A CDL required", &["Commercial driver's licence (CDL)"]),
        ("Series 7 and Series 63", &["Series 7", "Series 63"]),
        ("AWS Certified Solutions Architect – Associate", &["AWS certification"]),
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
