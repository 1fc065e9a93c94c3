//! The authenticated user of a request.

/// The user that makes a request. Your own authentication layer inserts it into the extensions of the request; each
/// [`Action`](crate::Action) names it.
///
/// ```
/// use axum::extract::Request;
/// use jobs_dashboard::Actor;
///
/// # fn example(mut request: Request) -> Request {
/// request.extensions_mut().insert(Actor::new("ada@example.com"));
/// # request
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// A user with this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}
