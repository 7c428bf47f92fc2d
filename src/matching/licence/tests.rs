//! Which texts show which licence.

use super::super::words::words;
use super::*;

fn shows(asked: &str, told: &str) -> Option<bool> {
    let asked = Licence::asked(asked, &words(asked))?;
    let told_words = words(told);
    let held = asked.held(&credentials::own(told, &told_words).iter()).is_some();
    let of_others = credentials::of_others(told, &told_words);
    let counts = |at: usize| !of_others.iter().any(|place| place.contains(&at));
    Some(held || asked.is_named(&told_words, false, counts))
}

#[test]
fn a_licence_has_to_be_named() {
    for (asked, told, want) in [
        ("QTS", "Qualified teacher status since 2015", Some(true)),
        ("QTS", "Taught phonics for six years", Some(false)),
        ("RN or LPN licence", "Licensed practical nurse", Some(true)),
        (
            "Non-medical prescriber (V300)",
            "Link nurse for infection control",
            Some(false),
        ),
        ("Non-medical prescriber (V300)", "V300 since 2019", Some(true)),
        (
            "Sanitation certificate",
            "County sanitation certificate, 2023",
            Some(true),
        ),
        ("Sanitation certificate", "Ran the grill on Fridays", Some(false)),
        ("Valid driver's license", "Clean driving licence", Some(true)),
        ("Valid driver's license", "Unloaded vans", Some(false)),
        ("Three years of welding pipes in a shipyard", "Welded pipes", None),
        ("no DR, DD or IN endorsements", "Endorsed by Dr. Reinhart DDS", None),
        ("No more than 6 points on your licence", "Clean licence", None),
    ] {
        assert_eq!(shows(asked, told), want, "{asked} / {told}");
    }
}

#[test]
fn a_state_tells_no_licence_from_another() {
    for (asked, told, want) in [
        ("Active Ohio RDH license", "Ohio driver license", false),
        ("Active Ohio RDH license", "Ohio dental radiographer certificate", false),
        (
            "Active Ohio RDH license",
            "Registered Dental Hygienist, State of Ohio",
            true,
        ),
        ("Active Ohio RDH license", "Ohio-licensed dental hygienist", true),
        ("Texas RN license", "Texas LVN license", false),
        (
            "Texas RN license",
            "Registered Nurse, Arkansas multistate license",
            true,
        ),
        (
            "California teaching credential",
            "California real estate license",
            false,
        ),
        ("Ontario PSW certificate", "Ontario liquor licence", false),
        ("Ontario PSW certificate", "PSW certificate, Toronto", true),
        ("Ohio embalmer license", "Ohio auctioneer license", false),
        ("Ohio embalmer license", "Embalmer license in Utah", true),
    ] {
        assert_eq!(shows(asked, told), Some(want), "{asked} / {told}");
    }
}

#[test]
fn the_licence_of_another_is_none_of_the_person() {
    for (asked, told) in [
        ("Texas RN license", "Care for residents under the supervision of the RN"),
        ("Texas RN license", "Report changes to the RN on duty"),
        ("CPA required", "Worked with the CPA on the year end"),
        ("PE license", "Reported to the PE on all drawings"),
        ("LCSW license", "Supervised by an LCSW"),
        ("Gas Safe registered", "Booked jobs for the Gas Safe engineers"),
        ("Full licence with C+E", "Currently taking my C+E training"),
        ("BLS and ACLS required", "Basic Life Support"),
    ] {
        assert_eq!(shows(asked, told), Some(false), "{asked} / {told}");
    }
}

#[test]
fn classes_and_limits_have_to_agree() {
    for (asked, told, want) in [
        ("Class 1 licence", "Class 2 licence", false),
        ("Class 2 licence", "Class 1 licence since 2015", true),
        (
            "Unrestricted Queensland Electrical Work Licence",
            "Restricted Queensland electrical work licence",
            false,
        ),
        (
            "Unrestricted Queensland Electrical Work Licence",
            "Qld electrical mechanic licence, open class",
            true,
        ),
        (
            "Unrestricted Queensland Electrical Work Licence",
            "Licensed Queensland electrician, nine years",
            true,
        ),
        (
            "Manual C class driver's licence",
            "Automatic driver's licence (C class, A condition)",
            false,
        ),
        ("Manual C class driver's licence", "Car licence (manual)", true),
        ("Manual C class driver's licence", "Full driving licence", true),
        ("Driver's licence", "Automatic driver's licence", true),
        (
            "Class 4 boiler operator certificate",
            "Class 3 boiler operator certificate",
            false,
        ),
        (
            "Class 4 boiler operator certificate",
            "Boiler operator certificate, class 4",
            true,
        ),
        (
            "Level 2 beekeeping certificate",
            "Beekeeping certificate, level 3",
            true,
        ),
        (
            "Level 3 beekeeping certificate",
            "Level 2 beekeeping certificate",
            false,
        ),
        ("Unrestricted asbestos licence", "Restricted asbestos licence", false),
        ("CDL Class A required", "Class B CDL", false),
        ("Class A CDL", "CDL Class B with passenger endorsement", false),
        ("Class A CDL", "CDL Class A, hazmat", true),
        ("Class B CDL", "Class A CDL", true),
        ("Class A asbestos licence", "Class B asbestos licence", false),
        ("Class A asbestos licence", "Asbestos licence, Class A", true),
        ("Level 3 food hygiene certificate", "Food hygiene level 2", false),
        ("Level 3 food hygiene certificate", "Food hygiene certificate", false),
        ("Level 3 food hygiene certificate", "L3 Food Safety", true),
        ("Level 3 beekeeping certificate", "L3 beekeeping certificate", true),
        ("Level 3 beekeeping certificate", "Beekeeping certificate", false),
        (
            "BLS certification",
            "American Heart Association Healthcare Provider card, exp. 08/2027",
            true,
        ),
        ("Valid Driver CPC", "CPC card good to Sept 2029", true),
        ("CPCS card", "CPC card good to Sept 2029", false),
        ("Digital tachograph card", "Digi card to 2028", true),
    ] {
        assert_eq!(shows(asked, told), Some(want), "{asked} / {told}");
    }
}

/// Whichever of them is missing, known or not.
#[test]
fn all_papers_of_a_line_are_needed() {
    for (asked, told, want) in [
        (
            "Driver licence and Working With Children Check",
            "Full driving licence",
            false,
        ),
        (
            "Driver licence and Working With Children Check",
            "Driving licence and WWCC",
            true,
        ),
        (
            "Driving licence and swimming pool operator certificate",
            "Driving licence",
            false,
        ),
        ("Driving licence and own vehicle", "Driving licence", true),
        ("Driving licence and insurance card", "Driving licence", true),
        ("Driving licence and willingness to travel", "Driving licence", true),
        (
            "Driving licence or swimming pool operator certificate",
            "Driving licence",
            true,
        ),
    ] {
        let read = Licence::asked(asked, &words(asked)).unwrap();
        let held = read.held(&credentials::own(told, &words(told)).iter()).is_some();
        assert_eq!(held && read.beside.is_empty(), want, "{asked} / {told}");
    }
    let text = "Driving licence and swimming pool operator certificate";
    let asked = Licence::asked(text, &words(text)).unwrap();
    let stems: Vec<u64> = words::stems("swimming pool operator").collect();
    assert_eq!(asked.beside, [stems]);
}

#[test]
fn schooling_in_its_subject_is_no_licence() {
    let text = "Valid refrigeration and air conditioning licence";
    let asked = Licence::asked(text, &words(text)).unwrap();
    let named = |told: &str, schooling| asked.is_named(&words(told), schooling, |_| true);
    assert!(!named(
        "Refrigeration and air conditioning, two years at Oak College",
        true
    ));
    assert!(named("Refrigeration and air conditioning licence, Oak College", true));
    assert!(named("Refrigeration and air conditioning ticket", false));
}

#[test]
fn all_names_are_needed_unless_joined_by_or() {
    let asked = |text: &str| Licence::asked(text, &words(text)).unwrap();
    let credentials = |text: &str| credentials::credentials(text, &words(text));
    assert!(asked("CPA and PMP").held(&credentials("CPA").iter()).is_none());
    assert!(asked("CPA and PMP").held(&credentials("PMP, CPA").iter()).is_some());
    // Who learns the one has learned the other.
    assert!(asked("ACLS and BLS").held(&credentials("ACLS").iter()).is_some());
    assert!(asked("ACLS and BLS").held(&credentials("BLS").iter()).is_none());
    assert!(
        asked("CPA or CFA")
            .held(&credentials("CFA charterholder").iter())
            .is_some()
    );
}
