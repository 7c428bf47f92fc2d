//! The GraphQL API: the schema and the [`Gateway`] that every transport executes requests through.
//!
//! | module | holds |
//! | --- | --- |
//! | `gateway` | the way of a request: admitted, priced, executed in time, answered |
//! | [`request`] | the steps of that way |
//! | [`schema`] | the types and resolvers |
//! | [`role_schema`] | the part of the SDL that a caller may use |
//! | `schema_subset` | the text of a part of the SDL |
//! | [`context`] | what resolvers know of the request they serve |
//! | [`cookies`] | the cookies of a request and of its response |
//! | [`error`] | errors as clients see them |

pub mod context;
pub mod cookies;
pub mod error;
mod gateway;
pub mod request;
pub mod role_schema;
pub mod schema;
mod schema_subset;

pub use self::context::RequestContext;
pub use self::gateway::{Gateway, SetupError};
pub use self::schema::sdl;
