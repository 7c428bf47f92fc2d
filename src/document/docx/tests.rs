//! Structure and hidden text of generated documents. `tests/it/documents.rs` reads those of real programs.

use std::io::Write as _;

use proptest::prelude::*;

use super::*;

const RELATIONSHIP: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships";

/// A document with this body and these other parts, each of the kind that its name says.
fn package(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut add = |name: &str, content: &[u8]| {
        writer
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    };
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id='{id}' Type='{RELATIONSHIP}/{kind}' Target='{target}'/>")
    };
    let main = relation("m", "officeDocument", "word/document.xml");
    add(
        "_rels/.rels",
        format!("<Relationships>{main}</Relationships>").as_bytes(),
    );
    let document = format!(
        "<?xml version='1.0' encoding='UTF-16'?><w:document xmlns:w='w' xmlns:r='r'><w:body>{body}</w:body></w:document>"
    );
    let utf16: Vec<u8> = format!("\u{feff}{document}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    add("word/document.xml", &utf16);
    let mut relations = String::new();
    for (name, content) in parts {
        let kind = name.trim_end_matches(|c: char| c.is_ascii_digit());
        relations += &relation(name, kind, &format!("{name}.xml"));
        add(
            &format!("word/{name}.xml"),
            format!("<w:part xmlns:w='w'>{content}</w:part>").as_bytes(),
        );
    }
    add(
        "word/_rels/document.xml.rels",
        format!("<Relationships>{relations}</Relationships>").as_bytes(),
    );
    writer.finish().unwrap().into_inner()
}

fn read(body: &str, parts: &[(&str, &str)]) -> ReadText {
    text(&package(body, parts)).unwrap()
}

fn paragraph(properties: &str, words: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space='preserve'>{words}</w:t></w:r></w:p>")
}

fn plain(words: &str) -> String {
    paragraph("", words)
}

#[test]
fn styles_and_numbering_mark_headings_and_items() {
    let styles = "<w:style w:type='paragraph' w:default='1' w:styleId='a'><w:name w:val='Normal'/></w:style>
        <w:style w:type='paragraph' w:styleId='b'><w:name w:val='heading 2'/></w:style>
        <w:style w:type='paragraph' w:styleId='c'><w:name w:val='Meine Liste'/><w:basedOn w:val='d'/></w:style>
        <w:style w:type='paragraph' w:styleId='d'><w:pPr><w:numPr><w:numId w:val='3'/></w:numPr></w:pPr></w:style>
        <w:style w:type='paragraph' w:styleId='e'><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style>";
    let numbering = "<w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:numFmt w:val='decimal'/></w:lvl>
        <w:lvl w:ilvl='1'><w:numFmt w:val='none'/></w:lvl></w:abstractNum><w:num w:numId='3'><w:abstractNumId w:val='7'/></w:num>";
    let style = |id: &str| format!("<w:pStyle w:val='{id}'/>");
    let list = |id: u8, level: u8| format!("<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{id}'/></w:numPr>");
    let body = [
        plain("Ann"),
        paragraph(&style("b"), "Work"),
        plain("Cook"),
        paragraph(&style("c"), "Baked"),
        paragraph(&list(3, 0), "Served"),
        paragraph(&list(3, 1), "plain"),
        paragraph(&(style("c") + &list(0, 0)), "none"),
        plain("•\u{9}Typed"),
        paragraph(&style("ListBullet2"), "Built in"),
        paragraph(&style("e"), "Skills"),
        plain("Rust"),
    ];
    let found = read(&body.concat(), &[("styles", styles), ("numbering", numbering)]);
    assert_eq!(
        found.text,
        "Ann\n\nWork\n\nCook\n• Baked\n• Served\nplain\nnone\n• Typed\n• Built in\n\nSkills\n\nRust\n"
    );
    assert!(found.hidden.is_empty());
}

#[test]
fn space_between_paragraphs_sets_them_apart() {
    let apart = "<w:spacing w:before='240'/>";
    let body = [
        plain("Cook"),
        plain("Leeds"),
        paragraph(apart, "Baker"),
        plain("York"),
        "<w:p/>".to_owned(),
        plain("x"),
    ];
    assert_eq!(read(&body.concat(), &[]).text, "Cook\nLeeds\n\nBaker\nYork\n\nx\n");
}

#[test]
fn tables_boxes_headers_and_notes_are_read() {
    let cell = |paragraphs: &str| format!("<w:tc><w:tcPr/>{paragraphs}</w:tc>");
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let data = row(&[cell(&plain("English")), cell(&plain("")), cell(&plain("fluent"))]);
    let layout = row(&[
        cell(&(plain("Skills") + &plain("Rust"))),
        cell(&(plain("Cook") + &plain("2015"))),
    ]);
    let shape = format!(
        "<wps:wsp><wps:txbx><w:txbxContent>{}</w:txbxContent></wps:txbx></wps:wsp>",
        plain("in a box")
    );
    let body = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice>{shape}</mc:Choice><mc:Fallback>{shape}</mc:Fallback></mc:AlternateContent>
         </w:r><w:r><w:t>around</w:t></w:r></w:p><w:tbl><w:tblPr/>{data}</w:tbl><w:tbl>{layout}</w:tbl>{}
         <w:sectPr><w:headerReference w:type='first' r:id='header1'/><w:headerReference w:type='default' r:id='header2'/>
         <w:footerReference w:type='first' r:id='footer1'/><w:titlePg/></w:sectPr>",
        plain("end")
    );
    let notes = format!(
        "<w:footnote w:type='separator'>{}</w:footnote><w:footnote>{}</w:footnote>",
        plain("-"),
        plain("a note")
    );
    let parts = [
        ("header1", &*plain("Ann Lee\u{9}Leeds")),
        ("header2", &*plain("page 2")),
        ("footer1", &*plain("the foot")),
        ("footnotes", &*notes),
    ];
    assert_eq!(
        read(&body, &parts).text,
        "Ann Lee\tLeeds\n\naround\n\nin a box\n\nEnglish\tfluent\n\nSkills\nRust\n\nCook\n2015\n\nend\n\nthe foot\n\na note\n"
    );
}

#[test]
fn runs_are_read_as_printed() {
    let body = "<w:p><w:pPr><w:tabs><w:tab w:val='right' w:pos='9'/></w:tabs></w:pPr><w:r><w:t>Cook</w:t><w:tab/><w:t>2015</w:t>
        <w:noBreakHyphen/><w:t>19</w:t><w:br/><w:t>co</w:t><w:softHyphen/><w:t>op</w:t></w:r></w:p>
        <w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>HYPERLINK x</w:instrText></w:r>
        <w:r><w:fldChar w:fldCharType='separate'/></w:r><w:hyperlink><w:r><w:t>site</w:t></w:r></w:hyperlink></w:p>
        <w:sdt><w:sdtContent><w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>
        <w:r><w:rPr><w:b/><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr><w:t> text</w:t></w:r></w:p></w:sdtContent></w:sdt>
        <w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>joined </w:t></w:r></w:p><w:p><w:r><w:t>lines</w:t></w:r></w:p>
        <w:p><w:r><w:sym w:font='Symbol' w:char='F0B7'/><w:tab/><w:t>Baked</w:t></w:r></w:p>";
    let found = read(body, &[]);
    assert_eq!(
        found.text,
        "Cook\t2015-19\ncoop\nsite\nnew text\njoined lines\n• Baked\n"
    );
    assert!(found.hidden.is_empty());
}

/// Properties that hide a run, each with the reason that is reported, and properties of its paragraph.
const WAYS: [(&str, &str, HiddenReason); 14] = [
    ("<w:vanish/>", "", HiddenReason::Markup),
    ("<w:vanish w:val='true'/>", "", HiddenReason::Markup),
    ("<w:webHidden/>", "", HiddenReason::Markup),
    ("<w:rStyle w:val='gone'/>", "", HiddenReason::Markup),
    ("", "<w:pStyle w:val='goneparagraph'/>", HiddenReason::Markup),
    ("<w:color w:val='FFFFFF'/>", "", HiddenReason::Colour),
    (
        "<w:color w:val='FEFEFE' w:themeColor='background1'/>",
        "",
        HiddenReason::Colour,
    ),
    (
        "<w:color w:val='1F3864'/>",
        "<w:shd w:val='clear' w:fill='203864'/>",
        HiddenReason::Colour,
    ),
    (
        "<w:color w:val='000000'/><w:shd w:val='clear' w:fill='000000'/>",
        "",
        HiddenReason::Colour,
    ),
    (
        "<w:color w:val='FFFF00'/><w:highlight w:val='yellow'/>",
        "",
        HiddenReason::Colour,
    ),
    ("<w:rStyle w:val='pale'/>", "", HiddenReason::Colour),
    ("<w:sz w:val='2'/>", "", HiddenReason::Size),
    ("<w:sz w:val='5'/><w:szCs w:val='40'/>", "", HiddenReason::Size),
    (
        "<w14:textFill><w14:noFill/></w14:textFill>",
        "",
        HiddenReason::Transparent,
    ),
];

const SHOWN: [(&str, &str); 9] = [
    ("<w:vanish w:val='0'/>", ""),
    ("<w:rStyle w:val='gone'/><w:vanish w:val='false'/>", ""),
    ("<w:color w:val='auto'/>", ""),
    (
        "<w:color w:val='FFFFFF'/><w:shd w:val='clear' w:color='auto' w:fill='1F3864'/>",
        "",
    ),
    ("<w:color w:val='FFFFFF'/>", "<w:shd w:val='clear' w:fill='000000'/>"),
    ("<w:color w:val='FFFFFF'/><w:highlight w:val='darkBlue'/>", ""),
    ("<w:color w:val='A6A6A6'/>", ""),
    ("<w:sz w:val='14'/>", ""),
    ("<w14:textOutline><w14:noFill/></w14:textOutline>", ""),
];

const STYLES: &str = "<w:style w:styleId='gone'><w:rPr><w:vanish/></w:rPr></w:style>
    <w:style w:styleId='goneparagraph'><w:rPr><w:vanish/></w:rPr></w:style>
    <w:style w:styleId='pale'><w:rPr><w:color w:val='FDFDFD'/></w:rPr></w:style>";

fn run(run: &str, paragraph: &str, words: &str) -> String {
    format!("<w:p><w:pPr>{paragraph}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{words}</w:t></w:r></w:p>")
}

proptest! {
    #[test]
    fn hidden_text_is_reported_and_visible_text_is_read(
        parts in prop::collection::vec((any::<bool>(), 0..1000_usize, "[a-z]{3,9}( [a-z]{3,9}){0,5}"), 1..12),
    ) {
        let mut body = String::new();
        let (mut visible, mut letters) = (Vec::new(), 0);
        for (is_hidden, way, words) in &parts {
            if *is_hidden {
                let (properties, paragraph, _) = WAYS[way % WAYS.len()];
                body += &run(properties, paragraph, words);
                letters += words.chars().filter(|c| c.is_alphanumeric()).count();
            } else {
                let (properties, paragraph) = SHOWN[way % SHOWN.len()];
                body += &run(properties, paragraph, words);
                visible.push(words.as_str());
            }
        }
        let found = read(&body, &[("styles", STYLES)]);
        let lines: Vec<&str> = found.text.lines().filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(lines, visible, "{}", body);
        let reported: usize = found.hidden.iter().map(|hidden| hidden.characters).sum();
        prop_assert_eq!(reported, letters, "{}", body);
    }
}

#[test]
fn the_reason_is_named() {
    for (properties, paragraph, reason) in WAYS {
        let found = read(&run(properties, paragraph, "keywords"), &[("styles", STYLES)]);
        let reasons: Vec<_> = found
            .hidden
            .iter()
            .map(|hidden| (hidden.reason, hidden.characters))
            .collect();
        assert_eq!(reasons, [(reason, 8)], "{properties}{paragraph}");
    }
    let removed = "<w:p><w:r><w:t>Cook</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>";
    let found = read(removed, &[("comments", &plain("a remark"))]);
    let reasons: Vec<_> = found
        .hidden
        .iter()
        .map(|hidden| (hidden.reason, hidden.characters))
        .collect();
    assert_eq!(reasons, [(HiddenReason::Deleted, 4), (HiddenReason::Comment, 7)]);
    assert_eq!(found.text, "Cook\n");
}

#[test]
fn white_text_on_a_shape_or_in_a_shaded_table_is_visible() {
    let white = run("<w:color w:val='FFFFFF'/>", "", "heading");
    let anchor = "<w:p><w:r><w:drawing><wp:anchor behindDoc='1'><wp:positionV relativeFrom='paragraph'>
        <wp:posOffset>0</wp:posOffset></wp:positionV><wp:extent cx='1' cy='500000'/><wps:wsp><wps:spPr><a:solidFill>
        <a:srgbClr val='1F3864'/></a:solidFill></wps:spPr></wps:wsp></wp:anchor></w:drawing></w:r></w:p>";
    let in_box = format!(
        "<w:p><w:r><wps:wsp><wps:spPr><a:solidFill><a:schemeClr val='accent1'/></a:solidFill></wps:spPr>
         <wps:txbx><w:txbxContent>{white}</w:txbxContent></wps:txbx></wps:wsp></w:r></w:p>"
    );
    let table = format!("<w:tbl><w:tblPr><w:tblStyle w:val='t'/></w:tblPr><w:tr><w:tc>{white}</w:tc></w:tr></w:tbl>");
    let cell = format!(
        "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:val='clear' w:fill='333333'/></w:tcPr>{white}</w:tc></w:tr></w:tbl>"
    );
    let styles = "<w:style w:styleId='t'><w:tblStylePr><w:tcPr><w:shd w:val='clear' w:fill='1F3864'/></w:tcPr></w:tblStylePr></w:style>";
    for body in [format!("{anchor}{white}"), in_box, table, cell] {
        let found = read(&body, &[("styles", styles)]);
        assert_eq!((found.text.as_str(), found.hidden.len()), ("heading\n", 0), "{body}");
    }
    // Far below the shape, the page is white again.
    let far = format!("{anchor}{}{white}", plain("line").repeat(40));
    assert_eq!(read(&far, &[]).hidden.len(), 1);
}
