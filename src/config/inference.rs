//! Where the models are, and what computes them.

use std::path::PathBuf;

use super::ConfigError;
use super::section::section;
use crate::inference::{Device, Precision};

section! {
    /// The models and the hardware that runs them.
    pub struct Inference {
        /// Folder of the models.
        #[setting(flag = "DIR", allowed = Words("the name of a folder"), unset = "`models` in the current folder, else beside the executable")]
        models_dir: Option<PathBuf> = None;

        /// Number of threads that run models.
        #[setting(flag = "N", allowed = Range(1, 1_024), unset = "one per core")]
        threads: Option<usize> = None;

        /// Device that computes embeddings. `cuda` and `wgpu` require a build with that feature.
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
            return Err("precision: int8 is not allowed with this device: give f32, or device = \"cpu\"".into());
        }
        Ok(())
    }
}
