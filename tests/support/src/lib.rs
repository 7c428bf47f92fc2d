//! Code shared by the unit tests in `src/`, the integration tests in `tests/it`, the attacks in `benches/attacks` and the
//! fuzz targets. It does not depend on the `portcullis` crate, so that its unit tests can use it as well.

pub mod hostile_documents;
