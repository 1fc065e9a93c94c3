//! The calls of workers and of their maintenance: claim, settle, dispatch, heartbeat, recover, vacuum.

pub(crate) mod claim;
pub(crate) mod pending_claims;
pub(crate) mod processes;
pub(crate) mod recover;
pub(crate) mod refusable;
pub(crate) mod routing;
pub(crate) mod selectors;
pub(crate) mod settle;
pub(crate) mod settle_and_claim;
pub(crate) mod settlement_columns;
pub(crate) mod vacuum;
