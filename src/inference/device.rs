//! The device of the reference implementation. On the CPU, our own kernels are used instead, because they are faster.

use serde::{Deserialize, Serialize};

use super::error::OpenError;

/// The device that computes embeddings. Classifiers are small and stay on the CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// The CPU.
    #[default]
    Cpu,
    /// The first NVIDIA GPU; requires the feature `cuda`.
    Cuda,
    /// The best GPU available through Vulkan, Metal or DirectX; requires the feature `wgpu`.
    Wgpu,
}

impl Device {
    /// The device of burn.
    pub(super) fn open(self) -> Result<burn::tensor::Device, OpenError> {
        match self {
            Self::Cpu => Ok(burn::tensor::Device::flex()),
            #[cfg(feature = "cuda")]
            Self::Cuda => Ok(burn::tensor::Device::cuda(0)),
            #[cfg(not(feature = "cuda"))]
            Self::Cuda => Err(OpenError::Device { feature: "cuda" }),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Ok(burn::tensor::Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
            #[cfg(not(feature = "wgpu"))]
            Self::Wgpu => Err(OpenError::Device { feature: "wgpu" }),
        }
    }
}
