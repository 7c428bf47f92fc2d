//! Lines, paragraphs, columns, tables and characters.

use super::*;

pub(super) const SENTENCES: [&str; 6] = [
    "Built nine road bridges of concrete and steel for the county",
    "and led crews of nine people through two winters of river",
    "works near the town of Lanewick, where the old bridge had",
    "been closed for years, and wrote the handbook that the firm",
    "still gives to each of its new engineers when they first",
    "arrive.",
];

#[test]
fn a_heading_has_a_line_of_its_own() {
    for (font, size, title) in [
        ("F2", 11.0, "Experience"),
        ("F1", 16.0, "Experience"),
        ("F1", 11.0, "EXPERIENCE"),
        ("F1", 11.0, "Experience"),
    ] {
        let content = at(72.0, 780.0, font, size, title) + &lines(72.0, 764.0, 14.0, &SENTENCES);
        let text = read(&content);
        assert_eq!(text.lines().next(), Some(title), "{font} {size}: {text}");
        let gap = if size > 11.0 || title == "EXPERIENCE" {
            "\n\n"
        } else {
            "\n"
        };
        assert_eq!(text, format!("{title}{gap}{}", SENTENCES.join(" ")));
    }
}

#[test]
fn paragraphs_are_joined_and_separated() {
    let content = lines(72.0, 780.0, 14.0, &SENTENCES) + &lines(72.0, 680.0, 14.0, &SENTENCES);
    let paragraph = SENTENCES.join(" ");
    assert_eq!(read(&content), format!("{paragraph}\n\n{paragraph}"));
    // Lines of an address are not joined.
    let address = ["Quill Placeholder", "12 Harbour Lane", "Lanewick", "Westshire"];
    assert_eq!(read(&lines(72.0, 780.0, 14.0, &address)), address.join("\n"));
}

#[test]
fn words_broken_at_line_ends_are_joined() {
    let broken = [
        "Ran the soft-",
        "ware develop-",
        "ment of pay-",
        "roll with Kuber-",
        "netes and a well-",
        "known system.",
    ];
    assert_eq!(
        read(&lines(60.0, 746.0, 14.0, &broken)),
        "Ran the software development of payroll with Kubernetes and a well-known system."
    );
}

#[test]
fn list_items_begin_with_one_sign() {
    for sign in ["\u{95}", "-", "*", "\u{b7}", "\u{96}"] {
        let content = at(72.0, 780.0, "F1", 11.0, sign)
            + &at(90.0, 780.0, "F1", 11.0, SENTENCES[0])
            + &at(90.0, 766.0, "F1", 11.0, SENTENCES[1])
            + &at(90.0, 752.0, "F1", 11.0, "works.")
            + &at(72.0, 738.0, "F1", 11.0, &format!("{sign} Led five engineers."));
        let first = format!("{} {} works.", SENTENCES[0], SENTENCES[1]);
        assert_eq!(
            read(&content),
            format!("\u{2022} {first}\n\u{2022} Led five engineers."),
            "{sign}"
        );
    }
    // A drawn square before the line.
    let content = String::from("77 783 3 3 re f\n") + &at(90.0, 780.0, "F1", 11.0, "Led five engineers.");
    assert_eq!(read(&content), "\u{2022} Led five engineers.");
}

#[test]
fn columns_are_read_one_after_the_other() {
    let left = [
        "CONTACT",
        "quill@placeholder.example",
        "020 7946 0958",
        "SKILLS",
        "Concrete design",
        "AutoCAD",
        "Revit",
    ];
    let right = [
        "EXPERIENCE",
        SENTENCES[0],
        SENTENCES[1],
        SENTENCES[2],
        SENTENCES[3],
        SENTENCES[4],
        SENTENCES[5],
    ];
    for shift in [0.0, 6.0] {
        let content = lines(40.0, 780.0, 14.0, &left) + &lines(240.0, 780.0 - shift, 14.0, &right);
        let text = read(&content);
        for column in [left.as_slice(), &["EXPERIENCE", SENTENCES[0]]] {
            let mut from = 0;
            for line in column {
                let found = text[from..].find(line);
                from += found.unwrap_or_else(|| panic!("{line} is not in order in {text}"));
            }
        }
        assert!(text.contains(&SENTENCES.join(" ")), "{shift}: {text}");
    }
}

#[test]
fn a_date_belongs_to_its_line() {
    let mut content = String::new();
    for (index, year) in [2015, 2017, 2019, 2021].iter().enumerate() {
        let y = 780.0 - 60.0 * index as f64;
        content += &at(60.0, y, "F2", 11.0, "Site Engineer, Hollow Oak Ltd");
        content += &at(480.0, y, "F1", 11.0, &format!("{year} - {}", year + 2));
        content += &at(60.0, y - 14.0, "F1", 11.0, "Built a road bridge.");
    }
    let text = read(&content);
    assert!(
        text.contains("Site Engineer, Hollow Oak Ltd\t2015 - 2017\nBuilt"),
        "{text}"
    );
    assert!(
        text.contains("Site Engineer, Hollow Oak Ltd\t2021 - 2023\nBuilt"),
        "{text}"
    );
}

#[test]
fn tables_are_read_row_by_row() {
    let mut content = String::new();
    for (row, cells) in [
        ["Skill", "Level", "Years"],
        ["Python", "expert", "9"],
        ["Go", "good", "4"],
        ["Java", "basic", "2"],
    ]
    .iter()
    .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            content += &at(
                60.0 + 120.0 * column as f64,
                780.0 - 16.0 * row as f64,
                "F1",
                11.0,
                cell,
            );
        }
    }
    assert_eq!(
        read(&content),
        "Skill\tLevel\tYears\nPython\texpert\t9\nGo\tgood\t4\nJava\tbasic\t2"
    );
}

#[test]
fn repeated_headers_and_page_numbers_are_dropped_and_dates_are_not() {
    let mut file = File::default();
    for page in 1..=3 {
        let content = at(60.0, 812.0, "F1", 9.0, "Quill Placeholder")
            + &at(
                60.0,
                780.0,
                "F1",
                11.0,
                &format!("Work number {}", ["one", "two", "three"][page - 1]),
            )
            + &at(
                60.0,
                40.0,
                "F1",
                11.0,
                &format!("0{}/2008 to 12/201{}", page * 2, page * page),
            )
            + &at(290.0, 20.0, "F1", 9.0, &format!("Page {page} of 3"));
        file.pages.push(content);
    }
    let text = file.read().text;
    assert_eq!(text.matches("Quill Placeholder").count(), 1, "{text}");
    assert!(!text.contains("Page"), "{text}");
    assert_eq!(text.matches("/2008 to 12/201").count(), 3, "{text}");
}

#[test]
fn letters_set_apart_are_one_word() {
    for heading in ["E X P E R I E N C E", "W O R K   E X P E R I E N C E"] {
        let content = at(72.0, 780.0, "F2", 11.0, heading) + &lines(72.0, 764.0, 14.0, &SENTENCES);
        let wanted = heading.replace("   ", "_").replace(' ', "").replace('_', " ");
        assert_eq!(read(&content).lines().next(), Some(wanted.as_str()));
    }
    let spaced = "BT /F2 11 Tf 4 Tc 72 780 Td (WORK EXPERIENCE) Tj ET";
    assert_eq!(read(spaced), "WORK EXPERIENCE");
}

#[test]
fn spaces_are_inferred_from_gaps() {
    assert_eq!(
        read("BT /F1 11 Tf 72 780 Td [(Site) -300 (Engineer) -20 (s)] TJ ET"),
        "Site Engineers"
    );
    let words = at(40.0, 812.0, "F1", 11.0, "Site") + &at(66.0, 812.0, "F1", 11.0, "Engineer");
    assert_eq!(read(&words), "Site Engineer");
}

#[test]
fn unicode_of_several_letters_and_plain_forms_are_read() {
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange \
        6 beginbfchar <41> <00660069> <42> <0066 0069> <43> <fb01> <44> <ff21> <45> <00ad> <46> <200b> endbfchar endcmap end end";
    let file = File {
        fonts: "/F9 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 100 0 R >>".to_owned(),
        ..File::page("BT /F9 11 Tf 72 780 Td (A B C D xEy) Tj ET")
    };
    // A soft hyphen that is drawn is a hyphen.
    assert_eq!(file.stream(100, "", map).read().text, "fi fi fi A x-y");
}

#[test]
fn rotated_text_comes_last() {
    let content =
        "BT /F1 11 Tf 0 1 -1 0 20 300 Tm (Curriculum) Tj ET\n".to_owned() + &lines(72.0, 780.0, 14.0, &SENTENCES);
    assert_eq!(read(&content), format!("{}\n\nCurriculum", SENTENCES.join(" ")));
    // A turned page is read upright.
    let mut file = File::page("BT /F1 11 Tf 0 1 -1 0 300 100 Tm (Engineer) Tj ET");
    file.page = "/Rotate 90".to_owned();
    assert_eq!(file.read().text, "Engineer");
}

#[test]
fn values_of_form_fields_are_read() {
    let mut file = File::page(&at(60.0, 700.0, "F1", 11.0, "Name:"));
    file.page = "/Annots [100 0 R 101 0 R]".to_owned();
    file.catalog = "/AcroForm << /Fields [100 0 R 101 0 R] >>".to_owned();
    let file = file
        .object(
            100,
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Quill Placeholder) /Rect [100 695 300 710] >>",
        )
        .object(
            101,
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (b) /F 2 /V (secret) /Rect [100 655 300 670] >>",
        );
    assert_eq!(file.read().text, "Name: Quill Placeholder");
}

#[test]
fn an_address_below_another_is_a_line_of_its_own() {
    for (above, below) in [
        (
            "https://www.linkedin.example/in/quill-placeholder-71a2/",
            "https://github.example/quillplaceholder",
        ),
        ("https://github.example/quillplaceholder-", "quill@placeholder.example"),
    ] {
        let middle = |text: &str| 300.0 - 2.5 * text.len() as f64;
        let content = at(middle(above), 760.0, "F1", 10.0, above) + &at(middle(below), 747.0, "F1", 10.0, below);
        let text = read(&content);
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, [above, below]);
    }
}

#[test]
fn junk_before_the_header_is_skipped() {
    let file = File::page(&at(60.0, 700.0, "F1", 11.0, "Site Engineer")).bytes();
    for junk in ["\u{ef}\u{bb}\u{bf}", "HTTP/1.1 200 OK\r\n\r\n", "\n\n\n"] {
        let mut bytes: Vec<u8> = junk.chars().map(|c| c as u8).collect();
        bytes.extend(&file);
        assert_eq!(text(&bytes).unwrap().text, "Site Engineer");
    }
}
