//! What computes: `models_dir`, `threads`, `device`, `precision`.

use serde::{Deserialize, Deserializer};

use super::{Config, ConfigError};
use crate::inference::{Device, Precision};

pub(super) fn check(config: &Config) -> Result<(), ConfigError> {
    let refuse = |text: String| Err(ConfigError(text));
    if config.device != Device::Cpu && config.precision != Precision::F32 {
        return refuse("precision: int8 is not allowed with this device: give f32, or device = \"cpu\"".to_owned());
    }
    Ok(())
}

pub(super) fn threads<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<usize>, D::Error> {
    match Option::<usize>::deserialize(deserializer)? {
        Some(n) if !(1..=1024).contains(&n) => {
            Err(serde::de::Error::custom(format!("{n} is not allowed: give 1 to 1024")))
        }
        threads => Ok(threads),
    }
}
