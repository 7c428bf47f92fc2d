//! Forms in which a name stands at the head: with a possessive, on two lines, in spaced letters, with titles.

use super::*;

const BODY: &str = "\n\nExperience\nOffice Manager, Oak Ltd, 2015 - 2018\n- ran the office\n";

fn cleaned(head: &str, foot: &str) -> String {
    resume(&format!("{head}{BODY}{foot}")).clean.replace('\u{fffc}', "")
}

#[test]
fn the_owner_of_a_resume_goes_everywhere() {
    for name in [
        "Jane Smith",
        "Rohan Mehta",
        "Siobhán Ní Bhraonáin",
        "Oluwaseun Adebayo",
        "Summer Rivers",
    ] {
        for title in ["CV", "resume", "Resume", "Curriculum Vitae"] {
            for apostrophe in ["'", "\u{2019}"] {
                let head = format!("{name}{apostrophe}s {title}");
                let clean = cleaned(&head, &format!("\n{name} declares it.\n"));
                for word in name.split(' ') {
                    assert!(!clean.contains(word), "{word} in {clean:?} of {head:?}");
                }
            }
        }
    }
}

#[test]
fn a_name_on_two_lines_goes() {
    for head in [
        "JOHN\nSMITH",
        "Maria\nGonzález Ruiz",
        "ROHAN\nMEHTA\n+91 98480 22338",
        "CURRICULUM VITAE\nJOHN\nSMITH",
        "OLUWASEUN\nADEBAYO\n\nAccountant",
        "Anna-Lena\nvan Dijk",
        "JOHN\nA.\nSMITH",
        "CHIDI\nOKAFOR\nOFFICE MANAGER",
        "Grace\nBaker\ngrace@post.example",
    ] {
        let clean = cleaned(head, "").to_lowercase();
        let names = head
            .lines()
            .filter(|line| !line.contains(['@', '+']) && line.len() > 2)
            .take(3);
        for name in names.filter(|name| !["Accountant", "OFFICE MANAGER", "CURRICULUM VITAE"].contains(name)) {
            assert!(!clean.contains(&name.to_lowercase()), "{name} in {clean:?}");
        }
        assert_eq!(clean.contains("accountant"), head.contains("Accountant"));
    }
}

#[test]
fn what_is_below_a_given_name_stays_if_it_is_work() {
    for (head, kept) in [
        ("Rohan\nWelder", "Welder"),
        ("Anna\nPhysiotherapist", "Physiotherapist"),
        ("Grace\nBaker\n\nBaker at the mill", "Baker\n"),
        ("Welding\nFabrication\nPayroll", "Welding\nFabrication\nPayroll"),
        ("Payroll\nMinutes", "Payroll\nMinutes"),
        ("Excel\nWord", "Excel\nWord"),
        ("Customer\nService", "Customer\nService"),
        ("OLUWASEUN\nACCOUNTANT", "ACCOUNTANT"),
    ] {
        let clean = cleaned(head, "\nSkills\nwelding, fabrication, payroll, minutes\n");
        assert!(clean.contains(kept), "{kept} not in {clean:?}");
    }
}

#[test]
fn names_in_spaced_letters_go() {
    for name in [
        "J O H N  S M I T H",
        "T O M  R E E D",
        "O L U W A S E U N   A D E B A Y O",
        "C O N O R   O ' Q U I L L",
        "C H U K W U E M E K A   O K O N K W O - E Z E",
    ] {
        let letters: String = name.chars().filter(|c| !c.is_whitespace()).take(4).collect();
        let clean = cleaned(name, "");
        assert!(!clean.replace(' ', "").contains(&letters), "{clean:?}");
    }
    for title in ["P R O F I L E", "O F F I C E  M A N A G E R"] {
        assert!(cleaned(&format!("Quill Placeholder\n{title}"), "").contains(title));
    }
}

#[test]
fn short_given_names_and_titles_go_and_degrees_stay() {
    for (name, kept) in [
        ("Md. Shahidul Islam", ""),
        ("Mohd Shahidul Islam", ""),
        ("Ma. Theresa Reyes", ""),
        ("Dr. Md. Shahidul Islam", ""),
        ("Chief (Mrs) Ngozi Eze", ""),
        ("Captain (Retd) Quill Placeholder", ""),
        ("Dra. Carmen Ortiz", ""),
        ("Dean Page", ""),
        ("Hoffmeister, Jürgen", ""),
        ("Candidate Name - Rohan Mehta, Gender - M, Age - 31", ""),
        ("Quill Placeholder - F - 36", ""),
        ("Name of Applicant: Quill Placeholder", ""),
        ("Shahidul Islam, MD", "MD"),
        ("Theresa Reyes MA", "MA"),
        ("Rank: Chief Officer\nSurname: Horvat", "Rank: Chief Officer"),
        ("Office Manager, 36 staff", "Office Manager, 36 staff"),
    ] {
        let clean = cleaned(name, "");
        let head = clean.split("Experience").next().unwrap_or_default();
        assert_eq!(head.trim(), kept, "{name}");
    }
}

#[test]
fn a_family_name_of_a_trade_is_told_from_the_trade() {
    for title in [
        "Bau-Ingenieur",
        "Forest Ranger at Oak",
        "Page Designer",
        "Chief (Kitchen) Oak Ltd",
    ] {
        let clean = cleaned(&format!("Quill Placeholder\n{title}\nquill@post.example"), "");
        assert!(clean.contains(title), "{title}: {clean:?}");
    }
}
