//! How the dashboard authenticates requests.

use axum::extract::Request;

use crate::error::HttpError;
use crate::security::actor::Actor;
use crate::security::basic_auth::{Account, Credentials, is_valid};

/// The way in which the user of a request is authenticated.
pub(crate) enum Access {
    /// The program has not chosen one, so no request is admitted.
    Undecided,
    /// By user name and password.
    Passwords(Vec<Account>),
    /// By a layer of the program, which inserts an [`Actor`].
    Layer,
    /// Every request is admitted.
    Open,
}

impl Access {
    /// The user of a request; `None` if the dashboard is open and no layer named one.
    ///
    /// # Errors
    /// The request is not authenticated.
    pub(crate) fn authenticate(&self, request: &Request) -> Result<Option<Actor>, HttpError> {
        let actor = request.extensions().get::<Actor>();
        match self {
            Self::Open => Ok(actor.cloned()),
            // A layer that was forgotten, or mounted on another router, must not open the dashboard.
            Self::Layer => actor.cloned().map(Some).ok_or_else(HttpError::forbidden),
            Self::Passwords(accounts) => {
                let credentials =
                    Credentials::from_headers(request.headers()).ok_or_else(HttpError::unauthenticated)?;
                if is_valid(accounts, &credentials) {
                    return Ok(Some(Actor::new(credentials.user)));
                }
                tracing::warn!(target: "jobs::audit", actor = ?credentials.user, "Wrong password for the dashboard");
                Err(HttpError::unauthenticated())
            }
            Self::Undecided => Err(HttpError::forbidden()),
        }
    }

    /// Adds an account, and requires a password from now on.
    pub(crate) fn add(&mut self, account: Account) {
        match self {
            Self::Passwords(accounts) => accounts.push(account),
            _ => *self = Self::Passwords(vec![account]),
        }
    }
}
