//! The table of an evaluation: on the terminal, in the model's card, and as a plot.

use std::fmt;
use std::path::Path;

use toml_edit::{Array, ArrayOfTables, Item, Table as Toml, value};

use super::figures::Figure;
use super::{EvalError, edit_card};
use crate::svg::Svg;

/// The target of a task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bar {
    /// At least this value.
    AtLeast(f64),
    /// At most this value.
    AtMost(f64),
    /// No target; the figure is only reported.
    Unset,
}

/// The metrics of one ranker in a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The name of the ranker.
    pub ranker: String,
    /// The metrics by name, the decisive one first.
    pub figures: Vec<(&'static str, Figure)>,
}

impl Line {
    /// The metrics of this ranker.
    pub(super) fn new(ranker: impl Into<String>, figures: Vec<(&'static str, Figure)>) -> Self {
        Self {
            ranker: ranker.into(),
            figures,
        }
    }

    /// The metrics that others published, which have no interval.
    pub(super) fn published(source: &str, figures: &[(&'static str, f64)]) -> Self {
        let figures = figures.iter().map(|&(name, value)| (name, Figure::exact(value)));
        Self::new(format!("published: {source}"), figures.collect())
    }
}

/// A task and the rankers evaluated on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The name of the task, with the number of queries and candidates.
    pub name: String,
    /// The target of the first metric of the first line.
    pub bar: Bar,
    /// Ours first, then baselines, then ablations.
    pub lines: Vec<Line>,
}

impl Task {
    /// The decisive metric.
    #[must_use]
    pub fn ours(&self) -> f64 {
        let first = self.lines.first().and_then(|line| line.figures.first());
        first.map_or(f64::NAN, |(_, figure)| figure.value)
    }

    /// Whether the target is met, or there is none.
    #[must_use]
    pub fn met(&self) -> bool {
        match self.bar {
            Bar::AtLeast(bar) => self.ours() >= bar,
            Bar::AtMost(bar) => self.ours() <= bar,
            Bar::Unset => true,
        }
    }
}

/// The results of an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The tasks, in the order of the documentation.
    pub tasks: Vec<Task>,
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bar) => write!(f, "at least {bar:.2}"),
            Self::AtMost(bar) => write!(f, "at most {bar:.2}"),
            Self::Unset => write!(f, "no target"),
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for task in &self.tasks {
            let word = match task.bar {
                Bar::Unset => "",
                _ if task.met() => ": met",
                _ => ": NOT MET",
            };
            writeln!(f, "{} ({}{word})", task.name, task.bar)?;
            for line in &task.lines {
                write!(f, "  {:<42}", line.ranker)?;
                for (name, figure) in &line.figures {
                    write!(
                        f,
                        "  {name} {:.3} [{:.3}, {:.3}]",
                        figure.value, figure.low, figure.high
                    )?;
                }
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

impl Table {
    /// Writes the metrics into the card at this path, replacing previous ones.
    pub(super) fn write_card(&self, path: &Path) -> Result<(), EvalError> {
        let mut evaluation = ArrayOfTables::new();
        for task in &self.tasks {
            for line in &task.lines {
                let mut entry = Toml::new();
                entry["task"] = value(&task.name);
                entry["ranker"] = value(&line.ranker);
                for (name, figure) in &line.figures {
                    let round = |x: f64| (x * 10_000.0).round() / 10_000.0;
                    let all: Array = [figure.value, figure.low, figure.high].into_iter().map(round).collect();
                    entry[name] = value(all);
                }
                evaluation.push(entry);
            }
        }
        edit_card(path, |card| card["evaluation"] = Item::ArrayOfTables(evaluation))
    }

    /// A plot with a bar for each ranker, its interval, and the target.
    #[must_use]
    pub fn picture(&self) -> String {
        const NAME: f64 = 330.0;
        const SCALE: f64 = 420.0;
        const ROW: f64 = 20.0;
        let rows: usize = self.tasks.iter().map(|task| task.lines.len() + 2).sum();
        let (width, height) = (NAME + SCALE + 70.0, rows as f64 * ROW + 10.0);
        let mut svg = Svg::new(width, height, "Evaluation of the matcher");
        let mut y = ROW;
        for task in &self.tasks {
            let figure = task
                .lines
                .first()
                .and_then(|line| line.figures.first())
                .map_or("", |(name, _)| name);
            let heading = format!("{}: {figure}, {}", task.name, task.bar);
            svg.text(8.0, y, "font-weight=\"bold\"", &heading);
            let top = y + 5.0;
            for (at, line) in task.lines.iter().enumerate() {
                y += ROW;
                let Some((_, figure)) = line.figures.first() else {
                    continue;
                };
                let x = |value: f64| NAME + value.clamp(0.0, 1.0) * SCALE;
                let fill = if at == 0 { "#1b6e4a" } else { "#9db4c0" };
                svg.text(NAME - 8.0, y, "text-anchor=\"end\"", &line.ranker);
                svg.add(&format_args!(
                    "<rect x=\"{NAME}\" y=\"{}\" width=\"{:.1}\" height=\"13\" fill=\"{fill}\"/>\
                     <path d=\"M{:.1} {}H{:.1}\" stroke=\"black\"/>",
                    y - 11.0,
                    x(figure.value) - NAME,
                    x(figure.low),
                    y - 4.5,
                    x(figure.high),
                ));
                let end = x(figure.high.max(figure.value)) + 5.0;
                svg.text(end, y, "", &format!("{:.3}", figure.value));
            }
            if let Bar::AtLeast(bar) | Bar::AtMost(bar) = task.bar {
                svg.add(&format_args!(
                    "<path d=\"M{x:.1} {top}V{}\" stroke=\"#c0392b\" stroke-dasharray=\"4 3\"/>",
                    y + 4.0,
                    x = NAME + bar * SCALE,
                ));
            }
            y += 2.0 * ROW;
        }
        svg.finish()
    }
}

#[cfg(test)]
mod tests {
    //! The format. The values are the evaluation's.

    use super::*;

    fn table() -> Table {
        let figure = Figure {
            value: 0.512_34,
            low: 0.5,
            high: 0.52,
        };
        let line = |ranker: &str| Line {
            ranker: ranker.to_owned(),
            figures: vec![("MRR", figure)],
        };
        Table {
            tasks: vec![Task {
                name: "title -> occupation".to_owned(),
                bar: Bar::AtLeast(0.5),
                lines: vec![line("ours"), line("BM25")],
            }],
        }
    }

    #[test]
    fn the_card_keeps_its_words_and_takes_new_figures() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.toml");
        let before = "# Why.\nname = \"matching\"\n\n[weights]\nmet = 0.5 # half\n";
        std::fs::write(&path, before).unwrap();
        table().write_card(&path).unwrap();
        let once = std::fs::read_to_string(&path).unwrap();
        table().write_card(&path).unwrap();
        let twice = std::fs::read_to_string(&path).unwrap();
        assert_eq!(once, twice);
        assert!(once.starts_with(before), "{once}");
        assert!(once.contains("MRR = [0.5123, 0.5, 0.52]"), "{once}");
    }

    #[test]
    fn the_picture_shows_every_ranker_and_the_bar() {
        let picture = table().picture();
        assert!(
            picture.contains("title -&gt; occupation: MRR, at least 0.50"),
            "{picture}"
        );
        assert_eq!(picture.matches("0.512").count(), 2);
        assert!(picture.contains("stroke-dasharray"));
        assert!(table().to_string().contains("met"));
    }

    #[test]
    fn a_task_without_a_target_is_neither_met_nor_missed() {
        let mut table = table();
        table.tasks[0].bar = Bar::Unset;
        table.tasks[0].lines.push(Line::published("others", &[("MRR", 0.75)]));
        let text = table.to_string();
        assert!(text.starts_with("title -> occupation (no target)\n"), "{text}");
        assert!(
            text.contains("published: others") && text.contains("MRR 0.750 [0.750, 0.750]"),
            "{text}"
        );
        assert!(!table.picture().contains("stroke-dasharray"));
    }
}
