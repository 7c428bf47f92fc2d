//! Sentences that say what they are, in any surroundings.

use super::*;

fn read(text: &str, kind: LineKind) -> Option<LineKind> {
    stated(text, &(0..text.len()), kind).map(|kind| CONTENT[kind])
}

#[test]
fn duties_are_told_from_what_the_reader_gets() {
    for text in [
        "As part of our team you will cut, colour and style hair for regular clients.",
        "You'll also answer the phones and greet visitors",
        "You would be looking after twelve residents on each floor.",
        "Your job is to keep the machines running",
        "The role involves driving a van and loading it by hand",
        "In this role you are responsible for the accounts of three shops",
        "The successful candidate will teach maths to years 7 to 11.",
        "You'll be in charge of the front desk",
        "The work is varied and includes sowing and planting veg for the house",
    ] {
        assert_eq!(read(text, LineKind::Employer), Some(LineKind::Duty), "{text}");
    }
    for text in [
        "You will join a team of eight who like each other",
        "You will receive full training and a free uniform",
        "We will support you in your studies",
        "You'll be part of a growing family of shops",
        "You will be paid every Friday",
        "Our nurses care for 200 patients a day.",
        "You will love it here with us",
        "You will never work alone in our shops",
        "You will earn $20 an hour while you cut hair",
        "You will",
        "Our work includes three awards for design",
    ] {
        assert_eq!(read(text, LineKind::Employer), None, "{text}");
    }
}

#[test]
fn duties_are_told_by_who_does_them_and_by_their_verb() {
    for text in [
        "The press secretary will write to reporters of the region.",
        "A keeper at Lanewick is responsible for the gates of three locks.",
        "Responsible for the cleanliness of the church property",
        "Directs programs for volunteers in two towns.",
        "Participates in the delivery of services",
        "You provide dental services to schools in the county.",
        "The day to day work primarily consists of reading lists",
        "Officers will be responsible for the processing of claims",
    ] {
        assert_eq!(read(text, LineKind::Employer), Some(LineKind::Duty), "{text}");
    }
    for text in [
        "Offers a free lunch to all",
        "Provides",
        "You can grow with us here",
        "You have a say in all we do",
        "The company will build a new lock in spring.",
        "Our keepers will show the town what they do",
        "Works of art are in every room",
    ] {
        assert_eq!(read(text, LineKind::Employer), None, "{text}");
    }
}

#[test]
fn what_excludes_applicants_is_asked_for() {
    for text in [
        "We can only consider applicants who hold an NVQ Level 3 in care.",
        "Applications without a valid NMC PIN will not be considered.",
        "Candidates without a driving licence need not apply.",
    ] {
        for kind in [LineKind::Employer, LineKind::Application] {
            assert_eq!(read(text, kind), Some(LineKind::MustHave), "{text}");
        }
    }
    for text in [
        "Candidates should be comfortable with long lists.",
        "We are looking for someone who has a background with turbines.",
        "We are seeking a press secretary who is well-versed in pitching reporters.",
    ] {
        assert_eq!(read(text, LineKind::Employer), Some(LineKind::MustHave), "{text}");
    }
    assert_eq!(read("We are looking for someone to join us.", LineKind::Employer), None);
}

#[test]
fn calls_and_rules_of_the_job_are_not_asked_for() {
    for text in [
        "If you're looking for more than just a job, apply today!",
        "We would love to hear from you!",
        "Please download the job description for full details.",
        "For more information please visit our page.",
    ] {
        assert_eq!(read(text, LineKind::MustHave), Some(LineKind::Application), "{text}");
    }
    for text in [
        "All holidays must be taken outside term time.",
        "A uniform must be worn at all times.",
        "Two weeks' notice is required on resignation.",
    ] {
        assert_eq!(read(text, LineKind::MustHave), Some(LineKind::Terms), "{text}");
    }
    assert_eq!(read("If you have a CDL, apply today!", LineKind::MustHave), None);
}

#[test]
fn what_applicants_must_have_is_no_duty() {
    for who in ["All candidates", "Applicants", "You"] {
        for thing in ["a forklift licence", "two years of work at locks"] {
            let text = format!("{who} must have {thing}.");
            assert_eq!(read(&text, LineKind::Duty), Some(LineKind::MustHave), "{text}");
        }
    }
    for text in ["Gates must have a coat of paint each spring", "Keep what must be kept"] {
        assert_eq!(read(text, LineKind::Duty), None, "{text}");
    }
}

#[test]
fn requirements_are_told_from_terms() {
    for text in [
        "Forklift cert required, reach truck is a bonus",
        "Must hold a CDL class A",
        "You need two years in a kitchen",
        "Experience with horses essential",
        "Experience with espresso machines preferred",
    ] {
        assert_eq!(read(text, LineKind::Terms), Some(LineKind::MustHave), "{text}");
    }
    for text in [
        "Weekend shifts required",
        "Annual bonus",
        "Minimum 20 hours",
        "Overtime is a must in December",
        "References required",
        "Uniform provided",
        "We believe that care must be personal",
        "Required",
    ] {
        assert_eq!(read(text, LineKind::Terms), None, "{text}");
    }
    assert_eq!(read("Must hold a CDL class A", LineKind::Legal), None);
}

#[test]
fn offers_pay_and_applications_ask_for_nothing() {
    for (text, want) in [
        (
            "You'll get protected time for CPD and free parking",
            Some(LineKind::Terms),
        ),
        (
            "\u{a3}12.60/h + tips + as much coffee as you can drink",
            Some(LineKind::Terms),
        ),
        ("pop in with your cv & ask for Meg", Some(LineKind::Application)),
        ("You'll get to cut and colour hair", None),
        ("You'll get your hands dirty in our workshop", None),
        ("Write SQL every day", None),
    ] {
        assert_eq!(read(text, LineKind::Duty), want, "{text}");
        assert_eq!(read(text, LineKind::NiceToHave), want, "{text}");
    }
}

#[test]
fn duties_of_this_job_are_told_from_its_terms() {
    for text in [
        "This role involves contract negotiation with boat builders",
        "This position leads the night shift of twelve keepers",
        "This role reconciles commission statements of the agents",
        "This role is responsible for the holiday rota of nine locks",
        "This post is to keep the pay records of the crew",
    ] {
        assert_eq!(read(text, LineKind::Duty), None, "{text}");
    }
    for text in [
        "This role is full time with a paid lunch",
        "This job comes with free parking by the lock",
        "This post offers a pension",
        "The position is temporary until the ice melts",
    ] {
        assert_eq!(read(text, LineKind::Duty), Some(LineKind::Terms), "{text}");
    }
}

/// Whatever comes before and after, and whatever the task is.
#[test]
fn duties_of_any_form_are_found() {
    for task in [
        "cut and colour hair",
        "weld steel frames",
        "grade essays of pupils",
        "dispense the prescriptions",
    ] {
        for before in ["", "As part of our team ", "Working with our chef, ", "From day one "] {
            for phrase in [
                "you will ",
                "you'll ",
                "you would ",
                "you'll also ",
                "your job is to ",
                "we need you to ",
            ] {
                for end in ["", ".", " and keep the place tidy."] {
                    let text = format!("{before}{phrase}{task}{end}");
                    assert_eq!(read(&text, LineKind::Employer), Some(LineKind::Duty), "{text}");
                }
            }
        }
    }
}

#[test]
fn how_to_apply_is_told_from_terms_and_notices() {
    for text in [
        "Bring your CV in person, Tuesday to Thursday",
        "Get in touch via the link.",
        "Ask inside for Quill",
    ] {
        assert_eq!(read(text, LineKind::Terms), Some(LineKind::Application), "{text}");
    }
    assert_eq!(read("Share of tips", LineKind::Terms), None);
    assert_eq!(read("Get in touch if you need an adjustment.", LineKind::Legal), None);
}

#[test]
fn names_of_terms_alone_are_their_headings() {
    let text = "Cook\n\nAnnual salary\n$49,005 to $71,618\n\nDuties\nYou cook.\n- Pay\n- Food\n";
    let units = super::super::units::units(text);
    let headings: Vec<&str> = units
        .iter()
        .filter(|unit| names_terms(&text[unit.bytes.clone()], unit))
        .map(|unit| text[unit.bytes.clone()].trim())
        .collect();
    assert_eq!(headings, ["Annual salary"]);
}

#[test]
fn the_selection_of_applicants_is_not_asked_for() {
    for text in [
        "Only candidates selected for an interview will be contacted.",
        "All applicants must complete the form at the time of filing.",
        "Candidates must specify each lock that they kept.",
        "If you and a friend would like this job, let us know",
        "Only those shortlisted will be contacted.",
        "Please indicate in your cover letter which lock you know",
        "Keepers may not be eligible for appointment if they sank a boat in the last three years",
    ] {
        assert_eq!(read(text, LineKind::MustHave), Some(LineKind::Application), "{text}");
    }
    for (text, kind) in [
        ("This position may suit two friends who work part time", LineKind::Terms),
        ("Experience refers to paid and unpaid work on canals", LineKind::Other),
        (
            "A year at sea may be substituted for two years on a canal",
            LineKind::Other,
        ),
    ] {
        assert_eq!(read(text, LineKind::MustHave), Some(kind), "{text}");
    }
    for text in [
        "This position requires work at night",
        "Considered a safe pair of hands",
        "Specify pumps and valves",
        "Bachelor's degree in lock keeping required (experience may be substituted)",
        "High school diploma, work on a canal can be substituted.",
        "Valid Class C driver's license at the time of filing",
        "Applicants need a valid Class C driver's license at the time of filing",
        "Must hold a current RN license at time of interview",
        "Forklift licence required, let us know your class",
        "Update the log of boat owners who will be contacted",
    ] {
        assert_eq!(read(text, LineKind::MustHave), None, "{text}");
    }
}

#[test]
fn a_line_below_a_heading_of_duties_tells_them() {
    for text in [
        "A lock keeper opens the gates, greases the winches and records boats.",
        "Leading a crew of four keepers through the winter",
        "The keeper is also in charge of the winches",
    ] {
        assert!(tells_duties(text), "{text}");
    }
    for text in [
        "Acme Winches is a leading maker of lock gates with yards in nine towns.",
        "Acme Locks is the oldest yard on the canal",
        "Founded in 1802, Acme Locks keeps forty boats",
        "The company keeps ninety locks in three counties",
        "We have kept locks since 1802 and are proud of them",
        "Our locks are the oldest in the county",
        "Many boats",
    ] {
        assert!(!tells_duties(text), "{text}");
    }
}
