//! The GraphQL surface.

pub mod limits;
