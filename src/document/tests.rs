//! Tests of types, limits and broken files. `tests/it/documents.rs` measures how much of real documents is extracted.

use super::*;

fn read(bytes: &[u8], said: Option<&str>) -> Result<String, DocumentError> {
    let document = Document::from_bytes(bytes.to_vec(), said.map(str::to_owned));
    document.text_here().map(|read| read.text)
}

#[test]
fn text_is_read_in_any_encoding() {
    assert_eq!(read(b"Cook", None).unwrap(), "Cook");
    let markdown = Some("text/markdown; charset=utf-8");
    assert_eq!(read("Köchin".as_bytes(), markdown).unwrap(), "Köchin");
    assert_eq!(read("\u{feff}Köchin".as_bytes(), None).unwrap(), "Köchin");
    let utf16: Vec<u8> = "\u{feff}Köchin".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16, None).unwrap(), "Köchin");
    assert_eq!(read(b" \n", None), Err(DocumentError::Empty));
}

#[test]
fn an_unsupported_type_is_named() {
    let unknown = |name: &str| Err(DocumentError::UnknownType(name.to_owned()));
    assert_eq!(read(b"Cook", Some("image/png")), unknown("image/png"));
    assert_eq!(read(b"{\\rtf1 Cook}", None), unknown("application/rtf"));
    let ole = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat();
    assert_eq!(read(&ole, None), unknown("application/msword"));
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&[ole, mark].concat(), None), Err(DocumentError::Encrypted));
    assert_eq!(read(b"\x01\x02\xff\x03", None), Err(DocumentError::NotText));
    assert_eq!(read(b"Cook\0", None), Err(DocumentError::NotText));
    assert_eq!(read(&vec![b'a'; MAX_BYTES + 1], None), Err(DocumentError::TooLarge));
}

#[test]
fn the_declared_and_the_detected_type_must_agree() {
    for (bytes, said) in [
        (b"Cook".as_slice(), "application/pdf"),
        (b"%PDF-1.7", "text/plain"),
        (b"PK\x03\x04", "application/pdf"),
    ] {
        let refused = read(bytes, Some(said)).unwrap_err();
        assert_eq!(refused.reason(), "MISLABELLED", "{said}: {refused}");
    }
    // Markup declared as text is text, and text declared as markup is markup.
    assert_eq!(read(b"<html>a", Some("text/plain")).unwrap(), "<html>a");
    assert_eq!(read(b"<p>a<p>b", Some("text/html")).unwrap().trim(), "a\n\nb");
}

#[test]
fn html_is_read_as_displayed() {
    let page = "<!DOCTYPE html><html><head><title>CV</title><style>p { color: red }</style></head><body>
        <h1>Ann Lee</h1><p>Built <b>data</b> <a href='https://x.example'>pipelines</a> &amp; more.</p>
        <ul><li>Rust</li><li>Python</li></ul><script>alert('no')</script></body></html>";
    let text = read(page.as_bytes(), None).unwrap();
    for line in ["Ann Lee", "Built data pipelines & more."] {
        assert!(text.lines().any(|found| found.trim() == line), "{line}: {text}");
    }
    assert!(text.contains("Rust") && text.contains("Python"), "{text}");
    assert!(
        !text.contains("alert") && !text.contains("color") && !text.contains("x.example"),
        "{text}"
    );
}

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const RELATIONS: &str = "<Relationships><Relationship Id='r1' \
    Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='/word/main.xml'/></Relationships>";

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w' xmlns:mc='mc'><w:body>{body}</w:body></w:document>");
    package(&[("_rels/.rels", RELATIONS), ("word/main.xml", &document)])
}

#[test]
fn a_docx_is_read_as_displayed() {
    let body = "<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>Skills</w:t></w:r></w:p>
        <w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr><w:r><w:t>C&amp;C&#43;&#x2b;</w:t></w:r><w:r><w:tab/><w:t>Rust</w:t></w:r></w:p>
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret keywords</w:t></w:r><w:r><w:t>seen</w:t></w:r>
        <w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>
        <mc:AlternateContent><mc:Choice><w:p><w:r><w:t>box</w:t></w:r></w:p></mc:Choice>
        <mc:Fallback><w:p><w:r><w:t>box again</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>";
    assert_eq!(
        read(&docx(body), None).unwrap(),
        "Skills\n\n\u{2022} C&C++\tRust\nseen\nbox\n"
    );
}

#[test]
fn a_broken_or_hostile_docx_is_refused() {
    assert_eq!(
        read(&package(&[("a.txt", "a")]), None).unwrap_err().reason(),
        "UNKNOWN_TYPE"
    );
    assert_eq!(read(b"PK\x03\x04 and nothing", None).unwrap_err().reason(), "BROKEN");
    let whole = docx("<w:p><w:r><w:t>text</w:t></w:r></w:p>");
    assert_eq!(read(&whole[..whole.len() / 2], None).unwrap_err().reason(), "BROKEN");
    assert_eq!(read(&docx("<w:p></w:q>"), None).unwrap_err().reason(), "BROKEN");
    // 80 MB of spaces compress to less than 100 KB.
    let bomb = docx(&" ".repeat(80 << 20));
    assert!(bomb.len() < MAX_BYTES);
    assert_eq!(read(&bomb, None).unwrap_err(), DocumentError::TooLarge);
    // Entities of a DTD are not resolved, so they cannot expand.
    let laughs = "<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><w:document><w:p><w:r><w:t>x&b;y</w:t></w:r></w:p></w:document>";
    let laughs = package(&[("_rels/.rels", RELATIONS), ("word/main.xml", laughs)]);
    assert_eq!(read(&laughs, None).unwrap(), "xy\n");
}

/// Builds a PDF with these pages, each a content stream.
fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    let kids: Vec<String> = (0..pages.len()).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    for (number, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            5 + 2 * number
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    for (number, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", number + 1).bytes());
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend(trailer.bytes());
    file
}

#[test]
fn a_pdf_is_read_and_a_scanned_or_long_one_refused() {
    let page = "BT /F1 12 Tf 72 720 Td (Built data pipelines in Rust for ten years.) Tj ET";
    let text = read(&pdf(&[page]), Some("application/pdf")).unwrap();
    assert_eq!(text.trim(), "Built data pipelines in Rust for ten years.");
    assert_eq!(read(&pdf(&[""]), None), Err(DocumentError::Scanned));
    assert_eq!(read(&pdf(&[page; 51]), None), Err(DocumentError::TooManyPages(51)));
    assert!(read(&pdf(&[page; 50]), None).is_ok());
}

#[test]
fn a_broken_pdf_is_refused() {
    assert_eq!(read(b"%PDF-1.7", None).unwrap_err().reason(), "BROKEN");
    assert_eq!(
        read(b"%PDF-1.7\ngarbage without end", None).unwrap_err().reason(),
        "BROKEN"
    );
}

#[test]
fn truncated_and_changed_files_never_panic() {
    let page = "BT /F1 12 Tf 72 720 Td (Built data pipelines in Rust for ten years.) Tj ET";
    let files = [pdf(&[page]), docx("<w:p><w:r><w:t>text</w:t></w:r></w:p>")];
    let mut state = 7_u64;
    for file in files {
        for round in 0..200 {
            let mut bytes = file.clone();
            for _ in 0..=round % 5 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % bytes.len();
                bytes[at] = (state >> 20) as u8;
            }
            if round % 3 == 0 {
                bytes.truncate((state >> 35) as usize % bytes.len());
            }
            // A library may panic, which costs only the process that reads the file. This program may not.
            let _ = std::panic::catch_unwind(|| read(&bytes, None));
        }
    }
}
