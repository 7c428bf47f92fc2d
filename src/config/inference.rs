//! Models folder and compute device.

use std::path::PathBuf;

use super::ConfigError;
use super::section::section;
use crate::inference::{Device, Precision};

section! {
    /// Models folder and compute device.
    pub struct Inference {
        /// Folder that contains the models.
        #[setting(
            flag = "DIR",
            allowed = Words("a folder path"),
            unset = "`models` in the current folder, otherwise next to the executable"
        )]
        models_dir: Option<PathBuf> = None;

        /// Number of inference threads.
        #[setting(flag = "N", allowed = Range(1, 1_024), unset = "one per CPU core")]
        threads: Option<usize> = None;

        /// Device that computes embeddings. `cuda` and `wgpu` require a build with the Cargo feature of that name.
        #[setting(flag = "DEVICE", allowed = Words("cpu, cuda or wgpu"))]
        device: Device = Device::Cpu;

        /// Precision of the encoder. `int8` is faster, gives nearly the same embeddings, and requires `device = "cpu"`.
        #[setting(flag = "PRECISION", allowed = Words("f32 or int8"))]
        precision: Precision = Precision::F32;
    }
}

impl Inference {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.device != Device::Cpu && self.precision != Precision::F32 {
            return Err("precision: int8 is not allowed with this device; expected f32, or device = \"cpu\"".into());
        }
        Ok(())
    }
}
