//! Names of skills beside other words of a resume.

use super::*;

/// A name counts wherever it is written as one, whatever stands beside it.
#[test]
fn a_name_is_found_beside_other_words() {
    let filler = "Drove artics between hubs for nine years. Loaded and secured pallets. Checked the unit each morning.";
    for (asked, line) in [
        ("ADR", "Held an ADR licence"),
        ("ADR", "Full ADR since 2019"),
        ("ADR", "ADR tanks and packages"),
        ("ADR licence", "ADR held, Moffett"),
        ("Salesforce", "Certified Salesforce admin since 2020"),
        ("Salesforce", "Salesforce Administrator cert., 2021"),
        ("SAP", "Moved the plant from SAP ECC to the next release"),
        ("AWS", "AWS Solutions Architect, 2021"),
        ("Workday", "Moved 600 files into Workday"),
        ("PLC", "Kept the Rockwell PLCs of two lines running"),
        ("Looker", "Dashboards (BigQuery, Looker) for the depot"),
    ] {
        let resume = format!("EXPERIENCE\nDriver, Oak Ltd, 2015 - present\n- {line}\n- {filler}\n");
        let job = format!("Driver\n\nRequirements\n- {asked}\n- Night work on trunk routes\n- Two years of driving\n");
        let found = matched(&resume, &job);
        let name = asked.split(' ').next().unwrap().to_lowercase();
        let named = |skill: &&SkillMatch| skill.skill.label.to_lowercase().contains(&name) && skill.similarity == 1.0;
        assert!(
            found.skills.matched.iter().any(|skill| named(&skill)),
            "{asked}: {line} {:?}",
            found.skills
        );
        let without = matched(&resume.replace(line, "Worked nights"), &job);
        assert!(
            !without.skills.matched.iter().any(|skill| named(&skill)),
            "{asked}: {line}"
        );
    }
}
