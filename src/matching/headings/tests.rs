//! Words and form. Whether a line is a heading among others is tested in `outline`.

use proptest::prelude::*;

use super::*;

fn read(line: &str) -> Option<SectionKind> {
    let form = Form::read(line)?;
    meaning(&form.core).map(|found| found.kind)
}

#[test]
fn nouns_of_other_languages_open_sections() {
    for (line, kind) in [
        ("Stage", SectionKind::Experience),
        ("Persönliche Qualitäten", SectionKind::Skills),
        ("PROJECT WORK", SectionKind::Projects),
    ] {
        assert_eq!(read(line), Some(kind), "{line}");
    }
}

/// Whatever the case and the mistake.
#[test]
fn misspelt_headings_open_sections() {
    for (line, kind) in [
        ("Work Experiance", SectionKind::Experience),
        ("Proffesional Experience", SectionKind::Experience),
        ("Employement History", SectionKind::Experience),
        ("Eductaion", SectionKind::Education),
        ("Academic Qualificaton", SectionKind::Education),
        ("Education with Dates", SectionKind::Education),
        ("Institutions Attended with Dates", SectionKind::Education),
        ("Key Acheivements", SectionKind::Projects),
        ("Refrences", SectionKind::Aside),
    ] {
        for line in [line.to_owned(), line.to_uppercase(), format!("{line}:")] {
            assert_eq!(read(&line), Some(kind), "{line}");
        }
    }
    assert_eq!(read("Experienced"), None);
}

#[test]
fn short_and_informal_headings_of_work_open_sections() {
    for line in [
        "Work exp",
        "Exp",
        "Past roles",
        "Latest roles",
        "Posts held",
        "Casual work",
        "Sea service",
        "Armed Forces",
        "Placements",
    ] {
        assert_eq!(read(line), Some(SectionKind::Experience), "{line}");
    }
    for line in ["Contracts", "Budgets", "Expo"] {
        assert_eq!(read(line), None, "{line}");
    }
}

/// Headings of all languages, with the section they open.
const HEADINGS: [(&str, SectionKind); 92] = {
    use SectionKind::{Aside, Education, Experience, Other, Projects, Skills, Summary};
    [
        ("Work", Experience),
        ("Job Experience", Experience),
        ("Engineering Experience", Experience),
        ("Research Experience", Experience),
        ("Work Experience", Experience),
        ("Employment History", Experience),
        ("Where I've worked", Experience),
        ("Professional Career", Experience),
        ("Internships", Experience),
        ("Military Service", Experience),
        ("Berufserfahrung", Experience),
        ("Beruflicher Werdegang", Experience),
        ("Expérience professionnelle", Experience),
        ("Expériences", Experience),
        ("Experiencia laboral", Experience),
        ("Experiência profissional", Experience),
        ("Esperienza lavorativa", Experience),
        ("Werkervaring", Experience),
        ("Arbetslivserfarenhet", Experience),
        ("Doświadczenie zawodowe", Experience),
        ("İş Deneyimi", Experience),
        ("Опыт работы", Experience),
        ("工作经历", Experience),
        ("工作經驗", Experience),
        ("職務経歴", Experience),
        ("경력사항", Experience),
        ("الخبرة العملية", Experience),
        ("ניסיון תעסוקתי", Experience),
        ("कार्य अनुभव", Experience),
        ("Education", Education),
        ("Education & Training", Education),
        ("Academic Background", Education),
        ("Licenses and Certifications", Education),
        ("Ausbildung", Education),
        ("Studium und Weiterbildung", Education),
        ("Formation", Education),
        ("Études et diplômes", Education),
        ("Formación académica", Education),
        ("Formação", Education),
        ("Istruzione e formazione", Education),
        ("Opleiding", Education),
        ("Utbildning", Education),
        ("Wykształcenie", Education),
        ("Образование", Education),
        ("教育背景", Education),
        ("学歴", Education),
        ("학력", Education),
        ("التعليم", Education),
        ("Things I know", Skills),
        ("What I can do", Skills),
        ("Skills & Tools", Skills),
        ("Technical Proficiencies", Skills),
        ("Areas of Expertise", Skills),
        ("Languages", Skills),
        ("Kenntnisse", Skills),
        ("IT-Kenntnisse", Skills),
        ("Sprachkenntnisse", Skills),
        ("Compétences", Skills),
        ("Habilidades", Skills),
        ("Idiomas", Skills),
        ("Competências técnicas", Skills),
        ("Competenze", Skills),
        ("Vaardigheden", Skills),
        ("Umiejętności", Skills),
        ("Ключевые навыки", Skills),
        ("专业技能", Skills),
        ("スキル", Skills),
        ("기술", Skills),
        ("المهارات", Skills),
        ("Professional Summary", Summary),
        ("About Me", Summary),
        ("Who I am", Summary),
        ("Career Objective", Summary),
        ("Profil", Summary),
        ("À propos de moi", Summary),
        ("Perfil profesional", Summary),
        ("Обо мне", Summary),
        ("自我评价", Summary),
        ("Projects", Projects),
        ("Awards & Honors", Projects),
        ("Selected Publications", Projects),
        ("Volunteer Work", Projects),
        ("Projekte", Projects),
        ("Projets personnels", Projects),
        ("Proyectos", Projects),
        ("项目经验", Projects),
        ("Hobbies and Interests", Aside),
        ("References", Aside),
        ("Persönliche Daten", Aside),
        ("Datos personales", Aside),
        ("Centres d'intérêt", Aside),
        ("Additional Information", Other),
    ]
};

#[test]
fn headings_are_read_by_their_words() {
    let wrong: Vec<_> = (HEADINGS.iter())
        .filter(|(line, kind)| read(line) != Some(*kind))
        .map(|(line, kind)| (line, kind, read(line)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn decoration_changes_nothing() {
    for line in [
        "Experience:",
        "EXPERIENCE",
        "E X P E R I E N C E",
        "Experience (5 years)",
        "1. Experience",
        "II. EXPERIENCE",
        "\u{25a0} EXPERIENCE",
        "\u{1f4bc} Experience",
        "\u{f0b1} Experience",
        "## Experience",
        "**Experience**",
        "=== Experience ===",
        "--- EXPERIENCE ---",
        "[ Experience ]",
        "experience",
        "W O R K  E X P E R I E N C E",
        "W O R K E X P E R I E N C E",
        "Experience – 5 years",
        "Workexperience",
        "Work/Experience",
        "\u{2014} Experience \u{2014}",
        "_Experience_",
        "<Experience>",
        "| EXPERIENCE |",
        "Experience :",
        "3) Work experience",
    ] {
        assert_eq!(read(line), Some(SectionKind::Experience), "{line}");
    }
}

#[test]
fn other_lines_announce_nothing() {
    for line in [
        "requirements.",
        "Site Engineer",
        "Training Manager",
        "Head of Education",
        "Hollow Oak Ltd",
        "Lanewick",
        "Quill Placeholder",
        "QUILL PLACEHOLDER",
        "LANEWICK, NY",
        "Jan 2018 - Dec 2020",
        "Department of Education",
        "Board of Education",
        "University of Work",
        "Experienced with steel",
        "Education Coordinator",
        "Language Teacher",
        "Project Manager",
        "Employment Specialist",
        "Skills Trainer",
        "Built seven bridges",
        "I have experience.",
        "Customer Service",
        "Kubernetes",
        "Java, SQL",
        "Research Assistant",
        "Work Study Coordinator",
        "Software Engineer",
        "Sales",
        "Microsoft Office",
        "Data Analysis",
        "The Experience Company",
        "Learning Experience Designer",
    ] {
        assert_eq!(read(line), None, "{line}");
    }
}

#[test]
fn the_form_of_a_line_is_seen() {
    let form = Form::read("\u{25a0} WORK  HISTORY:").unwrap();
    assert!(form.capitals && form.colon && !form.markup && !form.spaced, "{form:?}");
    assert!(Form::read("S K I L L S").unwrap().spaced);
    assert!(Form::read("## Skills").unwrap().markup);
    assert!(!Form::read("about the work").unwrap().title);
    assert!(Form::read("Worked with steel.").is_none());
}

proptest! {
    #[test]
    fn capitals_and_spaces_between_letters_change_nothing(at in 0..HEADINGS.len(), form in 0..4) {
        let (line, kind) = HEADINGS[at];
        let written = match form {
            0 => line.to_uppercase(),
            1 if line.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') && line.len() > 8 => {
                let words = line.split(' ').map(|word| word.chars().map(|c| c.to_string()).collect::<Vec<_>>().join(" "));
                words.collect::<Vec<_>>().join("  ")
            }
            2 => format!("{line}:"),
            _ => format!("## {line}"),
        };
        prop_assert_eq!(read(&written), Some(kind), "{}", written);
    }

    #[test]
    fn any_line_is_read(line in "\\PC{0,80}") {
        let _ = read(&line);
    }
}
