//! The state that all handlers share.

use super::body;
use super::settings::Settings;

/// The state that all handlers share.
pub(super) struct HandlerState<E> {
    pub(super) endpoint: E,
    pub(super) bodies: body::Budget,
    pub(super) settings: Settings,
}
