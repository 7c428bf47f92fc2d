//! The files that training writes into the model's folder.

use std::path::Path;

use half::f16;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize};

use super::super::card::{self, FileDigest, ModelCard};
use super::super::error::OpenError;
use super::super::weights::digest;
use super::layers::Layer;

/// The file name of the weights.
const WEIGHTS: &str = "model.safetensors";

/// Writes the layers as f16; metrics are computed after reading them back.
pub(super) fn write_weights(folder: &Path, layers: &[Layer]) -> Result<FileDigest, OpenError> {
    let path = folder.join(WEIGHTS);
    let mut tensors = Vec::new();
    for (n, layer) in layers.iter().enumerate() {
        let (rows, columns) = (layer.outputs(), layer.inputs());
        tensors.push((format!("layers.{n}.weight"), vec![rows, columns], halves(&layer.weight)));
        tensors.push((format!("layers.{n}.bias"), vec![rows], halves(&layer.bias)));
    }
    let broken = |error: safetensors::SafeTensorError| OpenError::broken(&path, &error);
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| Ok((name, TensorView::new(Dtype::F16, shape.clone(), bytes)?)))
        .collect::<Result<Vec<_>, _>>()
        .map_err(broken)?;
    let file = serialize(views, None).map_err(broken)?;
    write(&path, &file)?;
    Ok(FileDigest {
        file: WEIGHTS.to_owned(),
        sha256: digest(&file),
    })
}

fn halves(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| f16::from_f32(*value).to_le_bytes())
        .collect()
}

/// Writes the card; metrics are rounded to significant digits.
pub(super) fn write_card(folder: &Path, card: &mut ModelCard) -> Result<(), OpenError> {
    for figure in card.metrics.values_mut() {
        *figure = (*figure * 1e4).round() / 1e4;
    }
    let path = folder.join(card::FILE);
    let text = toml::to_string_pretty(card).map_err(|error| OpenError::broken(&path, &error))?;
    let text = numbers_in_lines(&text);
    let text = format!("# Written by `portcullis train {}`.\n{text}", card.name);
    write(&path, text.as_bytes())
}

/// Puts each array of numbers, such as a row of a confusion matrix, into one line. `toml` gives each number a line.
fn numbers_in_lines(toml: &str) -> String {
    let mut text = String::with_capacity(toml.len());
    let mut lines = toml.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        if line.ends_with('[')
            && let Some(first) = lines.peek().copied().and_then(number)
        {
            text.push_str(first);
            lines.next();
            while let Some(next) = lines.peek().copied().and_then(number) {
                text.push(' ');
                text.push_str(next);
                lines.next();
            }
            text.truncate(text.trim_end_matches(',').len());
            text.push_str(lines.next().unwrap_or_default().trim());
        }
        text.push('\n');
    }
    text
}

/// A line with a number of an array, without its indentation.
fn number(line: &str) -> Option<&str> {
    let number = line.trim();
    number.strip_suffix(',')?.parse::<f64>().ok().map(|_| number)
}

/// Writes a plot.
pub(super) fn write_picture(folder: &Path, name: &str, svg: &str) -> Result<(), OpenError> {
    write(&folder.join(name), svg.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), OpenError> {
    std::fs::write(path, bytes).map_err(|error| OpenError::broken(path, &error))
}

#[cfg(test)]
mod tests {
    //! The form of a card. The files are tested with a training, in `tests/it`.

    use super::*;

    #[test]
    fn numbers_are_in_lines_and_the_values_are_unchanged() {
        let table: toml::Table = "name = \"a\"\nlabels = [\"b [\", \"1,\"]\nempty = []\n[x]\nmean = [1.5, -2.0, 0.25]\n[c]\nrows = [[1, 2], [3, 4]]"
            .parse()
            .unwrap();
        let text = numbers_in_lines(&toml::to_string_pretty(&table).unwrap());
        assert_eq!(text.parse::<toml::Table>().unwrap(), table);
        for line in ["mean = [1.5, -2.0, 0.25]", "    [1, 2],", "    [3, 4],", "    \"1,\","] {
            assert!(text.lines().any(|found| found == line), "{line}: {text}");
        }
    }
}
