//! The language of a text. Only English texts are compared by their meaning, and a warning says so of others.

use std::fmt;

use whatlang::{Lang, Script};

use super::english::ENGLISH;

/// So many bytes of letters are enough to tell the language: some eight words.
const ENOUGH: usize = 50;
/// The language is told from the first characters of a text.
const MOST_CHARACTERS: usize = 4000;

/// Up to so many bytes of letters, the language is told by signs of it as well: a few technical words of English can look
/// like French.
const FEW: usize = 300;
/// The least number of such signs.
const LEAST_SIGNS: usize = 2;
/// Everyday words of other languages that are none of English, in lower case.
const PARTICLES: [&str; 75] = [
    "aan", "als", "au", "aus", "aux", "av", "avec", "bei", "como", "con", "da", "das", "de", "degli", "dei", "del",
    "della", "delle", "dem", "den", "der", "des", "di", "dos", "du", "e", "ein", "eine", "einer", "el", "en", "est",
    "et", "fra", "het", "il", "ihre", "jako", "la", "las", "le", "les", "los", "med", "met", "mit", "na", "nei", "nel",
    "nella", "non", "nos", "och", "og", "oraz", "os", "para", "per", "pod", "por", "pour", "que", "sie", "som", "sur",
    "til", "um", "und", "van", "voor", "von", "vos", "w", "y", "zu",
];

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(Lang);

impl Language {
    /// The language of a text; `None` if it cannot be told reliably.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let end = text
            .char_indices()
            .nth(MOST_CHARACTERS)
            .map_or(text.len(), |(at, _)| at);
        let text = &text[..end];
        let letters = text.chars().filter(|c| c.is_alphabetic()).map(char::len_utf8);
        if letters.sum::<usize>() < ENOUGH {
            return None;
        }
        let info = whatlang::detect(text)?;
        let told = match info.script() {
            // Another script is another language, even if it is not certain which.
            Script::Latin => info.is_reliable() && (info.lang() == Lang::Eng || is_other_than_english(text)),
            _ => true,
        };
        told.then(|| Self(info.lang()))
    }

    /// The code of ISO 639-3, such as `eng`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }
}

impl fmt::Display for Language {
    /// Writes the English name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Lang::Cmn => "Chinese",
            language => language.eng_name(),
        })
    }
}

/// Whether a text in Latin letters is long, or has more signs of another language than everyday words of English.
fn is_other_than_english(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).map(char::len_utf8);
    if letters.sum::<usize>() >= FEW {
        return true;
    }
    let (mut signs, mut english) = (0, 0);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        let low = word.to_lowercase();
        if !low.is_ascii() || PARTICLES.contains(&low.as_str()) {
            signs += 1;
        } else if ENGLISH.function_words.contains(&low) {
            english += 1;
        }
    }
    signs >= LEAST_SIGNS && signs > english
}

/// Whether a text is certainly not English, so that its meaning cannot be compared.
pub(super) fn is_foreign(text: &str) -> bool {
    Language::of(text).is_some_and(|language| language.0 != Lang::Eng)
}

/// The warning that a text is not English. `document` is `resume` or `posting`.
pub(super) fn warning(document: &str, text: &str) -> Option<String> {
    let language = Language::of(text).filter(|language| language.0 != Lang::Eng)?;
    Some(format!(
        "The {document} seems to be in {language}. Only English texts are compared by their meaning, others by the words \
         that both texts contain, so that the score shows less."
    ))
}

#[cfg(test)]
mod tests {
    //! Accuracy on real resumes and postings is not tested here, because these may not be published.

    use super::*;

    #[test]
    fn other_languages_are_named() {
        for (language, text) in [
            (
                "German",
                "Bauingenieur (m/w/d)\n\nIhre Aufgaben\n- Bau von Straßenbrücken aus Beton und Stahl\n",
            ),
            (
                "French",
                "Comptable (H/F)\n\nVos missions\n- Tenue de la comptabilité et rapprochements bancaires\n",
            ),
            (
                "Spanish",
                "Ingeniero civil\n\nFunciones\n- Diseño de puentes de hormigón y acero en la provincia\n",
            ),
            (
                "Italian",
                "Ingegnere civile\n\nMansioni\n- Progettazione di ponti in cemento armato per la provincia\n",
            ),
            (
                "Portuguese",
                "Enfermeira\n\nFunções\n- Prestação de cuidados a doentes internados e apoio às famílias\n",
            ),
            (
                "Dutch",
                "Softwareontwikkelaar\n\nTaken\n- Begeleiden van nieuwe collega's en contact met de klanten\n- Ontwikkelen van webapplicaties\n",
            ),
            (
                "Polish",
                "Programistka\n\nZadania\n- Współpraca z klientami i szkolenie nowych pracowników w Java\n",
            ),
            (
                "Chinese",
                "软件工程师\n\n工作职责\n• 使用 React 和 Docker 开发网页应用程序,培训新员工并与客户沟通\n",
            ),
            (
                "Arabic",
                "مهندس مدني\n\nالمهام\n• تصميم الجسور الخرسانية والإشراف على التنفيذ باستخدام AutoCAD\n",
            ),
            (
                "Russian",
                "Бухгалтер\n\nОбязанности\n• Ведение бухгалтерского учета и сверка расчетов в SAP\n",
            ),
        ] {
            let warning = warning("posting", text).unwrap_or_default();
            assert!(
                warning.contains(&format!("in {language}.")),
                "{language}: {warning:?} {:?}",
                whatlang::detect(text)
            );
        }
    }

    #[test]
    fn english_is_not_warned_about() {
        for text in [
            "",
            "Кухня",
            "Quill Placeholder\nKubernetes, Docker, Terraform, PostgreSQL, Grafana, Ansible, Kafka",
            "José Müller-Østergård, São Paulo\n\nExperience\nBarista, Café Größe, Zürich, 2015 - 2019\n- Served the guests\n",
            "Setting out foundations\nAutomatic driver's licence (C class)\nTest and tag",
            "Site Engineer\n\nRequirements\n- minimum 3 years post-trade experience\n- Setting out foundations",
            "Licences\nAutomatic driver's licence (C class)\nCert III in Electrotechnology",
            "Chef de partie\nSous vide, entrees, patisserie, menus, sauces, service, desserts, banquets",
            "Skills\nPython, Java, C++, SQL, React, Node.js, AWS, GCP, CI/CD, Linux, Git, Jira, Scrum, Figma, Excel, SAP",
        ] {
            assert_eq!(warning("resume", text), None, "{text}");
        }
    }
}
