//! Who may come in.

use axum::extract::Request;

use crate::failure::Failure;
use crate::login::{Claimed, Login, admitted};

/// Who makes a request. A layer of yours that authenticates puts it among the request's extensions; it is named in the
/// events of [`Action`](crate::Action).
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
    /// The one of this name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// How it is found out who makes a request.
pub(crate) enum Access {
    /// Nothing was said, so nobody may.
    Undecided,
    /// By name and password.
    Logins(Vec<Login>),
    /// By a layer that the user wrote.
    Layer,
    /// Everybody may.
    Open,
}

impl Access {
    /// Who it is; `None` where nobody asks.
    pub(crate) fn admit(&self, request: &Request) -> Result<Option<Actor>, Failure> {
        let said = request.extensions().get::<Actor>();
        match self {
            Self::Open => Ok(said.cloned()),
            Self::Layer => said.cloned().map(Some).ok_or_else(Failure::nobody),
            Self::Logins(logins) => {
                let claimed = Claimed::of(request.headers()).ok_or_else(Failure::unauthenticated)?;
                if admitted(logins, &claimed) {
                    return Ok(Some(Actor::new(claimed.user)));
                }
                tracing::warn!(target: "jobs::audit", who = ?claimed.user, "A password for the dashboard was wrong");
                Err(Failure::unauthenticated())
            }
            Self::Undecided => Err(Failure::nobody()),
        }
    }

    /// Adds one who may come in.
    pub(crate) fn add(&mut self, login: Login) {
        match self {
            Self::Logins(logins) => logins.push(login),
            _ => *self = Self::Logins(vec![login]),
        }
    }
}
