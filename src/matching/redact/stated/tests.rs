//! Names in sentences, signatures and names of files, and sentences that tell none.

use super::super::resume;

const BODY: &str = "\n\nExperience\nOffice Manager, Oak Ltd, 2015 - 2018\n- ran the office\n";

/// The text, and the words that go.
const TOLD: [(&str, &str); 27] = [
    ("My name is Rohan Mehta. I am an office manager.", "Rohan Mehta"),
    ("Dear Sir,\n\nMy name is Rohan Mehta and I am a cook.", "Rohan Mehta"),
    ("my name is rohan mehta and i need work", "rohan mehta"),
    ("My name is Blessing and I have worked in offices.", "Blessing"),
    ("Hi sir this is Rohan Mehta, looking for an office job", "Rohan Mehta"),
    ("Good morning, I'm Blessing Okafor from Lanewick.", "Blessing Okafor"),
    ("Hi, Rohan here. I need office work", "Rohan"),
    ("I, Rohan Mehta, hereby declare that this is true.", "Rohan Mehta"),
    (
        "I Oluwaseun Adebayo hereby declare that this is true.",
        "Oluwaseun Adebayo",
    ),
    ("I, Oluwaseun Adebayo, do hereby confirm it.", "Oluwaseun Adebayo"),
    (
        "This is to certify that Mr Rohan Mehta worked with us.",
        "Mr Rohan Mehta",
    ),
    ("Me llamo Carmen Ortiz.", "Carmen Ortiz"),
    ("Je m'appelle Élodie Dupont, vendeuse", "Élodie Dupont"),
    ("Ich heiße Anna Krüger und bin Köchin", "Anna Krüger"),
    ("Mi chiamo Chiara Bruni e sono cuoca", "Chiara Bruni"),
    ("Meu nome é Ana Souza.", "Ana Souza"),
    ("Mijn naam is Jan de Vries.", "Jan de Vries"),
    ("Nazywam się Jan Kowal.", "Jan Kowal"),
    ("меня зовут Мария Иванова, я повар", "Мария Иванова"),
    (
        "I hereby declare that the above is true.\n\nPlace: Lanewick\n(Rohan Mehta)",
        "Rohan Mehta",
    ),
    ("I ran shops.\n\nKind regards\nOluwaseun Adebayo", "Oluwaseun Adebayo"),
    (
        "Dear Ms. Thompson,\nI ran shops.\n\nYours sincerely,\nRohan Mehta",
        "Ms. Thompson Rohan Mehta",
    ),
    ("CV_Rohan_Mehta.docx", "CV_Rohan_Mehta.docx"),
    ("lebenslauf_anna_krueger.pdf", "lebenslauf_anna_krueger.pdf"),
    ("Quill Placeholder (née Patel)", "Quill Placeholder Patel"),
    ("Quill Placeholder-Ash née Brown", "Quill Brown"),
    ("Quill Placeholder (he/him), aka Ronnie", "Quill Placeholder Ronnie"),
];

#[test]
fn stated_names_go() {
    for (text, gone) in TOLD {
        let clean = resume(&format!("{text}{BODY}")).clean;
        for word in gone.split(' ') {
            assert!(!clean.contains(word), "{word} in {clean:?} of {text:?}");
        }
        assert!(clean.contains("Office Manager, Oak Ltd"), "{clean:?}");
    }
}

#[test]
fn a_stated_name_goes_elsewhere() {
    for text in [
        "My name is Rohan Mehta.",
        "I, Rohan Mehta, hereby declare it.",
        "CV_Rohan_Mehta.docx",
    ] {
        let clean = resume(&format!("{text}{BODY}\nMehta's minutes were clear.\n")).clean;
        assert!(
            !clean.contains("Mehta") && clean.contains("minutes were clear"),
            "{clean:?}"
        );
    }
}

#[test]
fn sentences_without_a_name_stay() {
    for line in [
        "My name is synonymous with quality.",
        "I am Python Developer with 5 years",
        "I am German and weld",
        "I am Microsoft Certified",
        "I am Head Chef at Oak",
        "I'm Six Sigma certified",
        "I am Oracle Certified Professional",
        "This is Spring Boot code",
        "I, Manager of the shop, ran it",
        "Dear Sir,",
        "Dear Sir or Madam,",
        "Dear Hiring Manager",
        "Dear Oak team",
        "Data_Engineer_CV.pdf",
        "I certify payroll records\nLedger balances\nInvoice control",
        "With regards to the shop\nStock Control\nRetail Sales",
    ] {
        let text = format!("Office Manager\n\nSummary\n{line}{BODY}");
        assert_eq!(resume(&text).clean, text);
    }
    let clean = resume(&format!("Quill Placeholder | Office Manager | aka Ronnie{BODY}")).clean;
    assert!(
        clean.starts_with("Office Manager") && !clean.contains("Ronnie"),
        "{clean:?}"
    );
    let clean = resume(&format!("Quill Placeholder, formerly Office Manager at Oak{BODY}")).clean;
    assert!(clean.contains("formerly Office Manager at Oak"), "{clean:?}");
}

#[test]
fn referees_go_and_their_titles_stay() {
    let text = format!("Quill Placeholder{BODY}\nReferences\nPeter Lewis, Director, Oak Ltd\n");
    let clean = resume(&text).clean;
    assert!(
        !clean.contains("Lewis") && clean.contains("Director, Oak Ltd"),
        "{clean:?}"
    );
    let text = format!("Quill Placeholder{BODY}\nPeter Lewis, Director, Oak Ltd\n");
    assert!(resume(&text).clean.contains("Peter Lewis"));
}
