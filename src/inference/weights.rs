//! Strict loading of tensors: every expected tensor must exist, in its shape and finite, and no other may exist.
//!
//! All models are loaded through this module. A file that is nearly right would give plausible results, so any
//! difference is an error that names the file and the tensor.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use sha2::{Digest, Sha256};

use super::error::OpenError;

/// A file whose digest equals that of the card.
#[derive(Debug)]
pub(super) struct VerifiedFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl VerifiedFile {
    /// Reads the file; its SHA-256 in hexadecimal must be `sha256`.
    pub(super) fn read(path: &Path, sha256: &str) -> Result<Self, OpenError> {
        let bytes = std::fs::read(path).map_err(|error| OpenError::broken(path, &error))?;
        let found = digest(&bytes);
        if found != sha256 {
            let reason = format!("its SHA-256 is {found}, but model.toml says {sha256}");
            return Err(OpenError::broken(path, &reason));
        }
        Ok(Self {
            path: path.to_owned(),
            bytes,
        })
    }

    /// The content of the file.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The file as safetensors.
    pub(super) fn tensors(&self) -> Result<Tensors<'_>, OpenError> {
        let parsed = SafeTensors::deserialize(&self.bytes)
            .map_err(|error| OpenError::broken(&self.path, &format!("no safetensors file: {error}")))?;
        Ok(Tensors {
            path: &self.path,
            left: parsed.tensors().into_iter().collect(),
        })
    }
}

/// The SHA-256 of these bytes in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The tensors of a file that have not been taken yet.
#[derive(Debug)]
pub(super) struct Tensors<'a> {
    path: &'a Path,
    left: HashMap<String, TensorView<'a>>,
}

impl<'a> Tensors<'a> {
    /// Takes the tensor with this name and shape as f32, row by row. It is stored as f32 or f16, and must be finite.
    pub(super) fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, OpenError> {
        let view = self.view(name, shape)?;
        let values = match view.dtype() {
            Dtype::F16 => halves(view.data()).to_f32_vec(),
            _ => floats(view.data()).collect(),
        };
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(self.not_finite(name))
        }
    }

    /// As [`Self::take`], in half precision, without a copy in f32.
    pub(super) fn take_halves(&mut self, name: &str, shape: &[usize]) -> Result<Arc<[f16]>, OpenError> {
        let view = self.view(name, shape)?;
        let values = match view.dtype() {
            Dtype::F16 => halves(view.data()),
            _ => floats(view.data()).map(f16::from_f32).collect(),
        };
        if values.iter().all(|value| value.is_finite()) {
            Ok(values)
        } else {
            Err(self.not_finite(name))
        }
    }

    /// Takes the tensor with this name and shape, which must be stored as f32 or f16.
    fn view(&mut self, name: &str, shape: &[usize]) -> Result<TensorView<'a>, OpenError> {
        let Some(view) = self.left.remove(name) else {
            return Err(self.broken(&format!("tensor {name} is missing")));
        };
        if view.shape() != shape {
            let reason = format!("tensor {name} has shape {:?}, but {shape:?} is needed", view.shape());
            return Err(self.broken(&reason));
        }
        match view.dtype() {
            Dtype::F32 | Dtype::F16 => Ok(view),
            other => Err(self.broken(&format!("tensor {name} is stored as {other:?}, neither F32 nor F16"))),
        }
    }

    /// The shape of a tensor that has not been taken.
    pub(super) fn shape(&self, name: &str) -> Option<&[usize]> {
        self.left.get(name).map(TensorView::shape)
    }

    /// Fails unless all tensors have been taken.
    pub(super) fn finish(self) -> Result<(), OpenError> {
        let mut names: Vec<_> = self.left.keys().map(String::as_str).collect();
        if names.is_empty() {
            return Ok(());
        }
        names.sort_unstable();
        Err(self.broken(&format!("the model has no use for these tensors: {}", names.join(", "))))
    }

    fn not_finite(&self, name: &str) -> OpenError {
        self.broken(&format!("tensor {name} holds NaN or infinity"))
    }

    fn broken(&self, reason: &str) -> OpenError {
        OpenError::broken(self.path, &reason)
    }
}

fn floats(bytes: &[u8]) -> impl Iterator<Item = f32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| f32::from_le_bytes(*word))
}

fn halves(bytes: &[u8]) -> Arc<[f16]> {
    let (words, _) = bytes.as_chunks::<2>();
    words.iter().map(|word| f16::from_le_bytes(*word)).collect()
}

#[cfg(test)]
mod tests {
    //! What is refused and why. The tests of the models show that the shipped files load.

    use safetensors::serialize;

    use super::*;

    fn file(tensors: &[(&str, &[usize], &[f32])]) -> (tempfile::TempDir, PathBuf, String) {
        let bytes: Vec<Vec<u8>> = tensors
            .iter()
            .map(|(_, _, values)| values.iter().flat_map(|value| value.to_le_bytes()).collect())
            .collect();
        let views = tensors
            .iter()
            .zip(&bytes)
            .map(|((name, shape, _), bytes)| (*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap()));
        let bytes = serialize(views, None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        std::fs::write(&path, &bytes).unwrap();
        (folder, path, digest(&bytes))
    }

    #[test]
    fn takes_what_is_there_and_then_nothing_is_left() {
        let (_folder, path, sha256) = file(&[("a", &[2, 1], &[1.0, -2.5])]);
        let file = VerifiedFile::read(&path, &sha256).unwrap();
        let mut tensors = file.tensors().unwrap();
        assert_eq!(tensors.take("a", &[2, 1]).unwrap(), [1.0, -2.5]);
        tensors.finish().unwrap();
        let mut tensors = file.tensors().unwrap();
        assert_eq!(tensors.take_halves("a", &[2, 1]).unwrap().to_f32_vec(), [1.0, -2.5]);
        tensors.finish().unwrap();
    }

    #[test]
    fn reads_halves() {
        let bytes: Vec<u8> = [0.5_f32, -3.25]
            .iter()
            .flat_map(|value| f16::from_f32(*value).to_le_bytes())
            .collect();
        assert_eq!(halves(&bytes).to_f32_vec(), [0.5, -3.25]);
    }

    #[test]
    fn names_file_and_reason_of_every_refusal() {
        let (_folder, path, sha256) = file(&[("a", &[2], &[1.0, 2.0]), ("b", &[1], &[f32::NAN])]);
        let file = VerifiedFile::read(&path, &sha256).unwrap();
        let mut tensors = file.tensors().unwrap();
        let refusals = [
            (VerifiedFile::read(&path, &"0".repeat(64)).unwrap_err(), "SHA-256"),
            (
                VerifiedFile::read(&path.with_extension("gone"), &sha256).unwrap_err(),
                "No such file",
            ),
            (tensors.take("c", &[1]).unwrap_err(), "tensor c is missing"),
            (
                tensors.take("a", &[3]).unwrap_err(),
                "tensor a has shape [2], but [3] is needed",
            ),
            (tensors.take("b", &[1]).unwrap_err(), "tensor b holds NaN or infinity"),
            (
                file.tensors().unwrap().take_halves("b", &[1]).unwrap_err(),
                "tensor b holds NaN or infinity",
            ),
            (
                file.tensors().unwrap().finish().unwrap_err(),
                "no use for these tensors: a, b",
            ),
        ];
        for (error, reason) in refusals {
            let text = error.to_string();
            assert!(text.contains("model."), "{text}");
            assert!(text.contains(reason), "{text}");
        }
    }

    #[test]
    fn bytes_that_are_no_safetensors_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        for bytes in [&b""[..], b"\xff\xff\xff\xff\xff\xff\xff\xff", b"PK\x03\x04 and so on"] {
            std::fs::write(&path, bytes).unwrap();
            let file = VerifiedFile::read(&path, &digest(bytes)).unwrap();
            assert!(file.tensors().unwrap_err().to_string().contains("no safetensors file"));
        }
    }
}
