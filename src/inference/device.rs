//! Where the reference path computes. On the CPU our own kernels do, which is faster.

use serde::{Deserialize, Serialize};

use super::error::OpenError;

/// What computes embeddings; classifiers are small and stay on the CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// The first NVIDIA GPU, in builds with the feature `cuda`.
    Cuda,
    /// The best GPU that Vulkan, Metal or DirectX has, in builds with the feature `wgpu`.
    Wgpu,
}

impl Device {
    /// The device as burn knows it.
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
