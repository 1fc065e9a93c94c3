//! How the dashboard authenticates requests.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};

use crate::error::HttpError;
use crate::security::actor::Actor;
use crate::security::basic_auth::{Account, Credentials, is_valid};
use crate::security::wrong_passwords::WrongPasswords;

/// The way in which the user of a request is authenticated.
pub(crate) enum Access {
    /// The program has not chosen one, so no request is admitted.
    Undecided,
    /// By user name and password.
    Passwords(Vec<Account>, WrongPasswords),
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
            Self::Passwords(accounts, wrong) => signed_in(accounts, wrong, request).map(Some),
            Self::Undecided => Err(HttpError::forbidden()),
        }
    }

    /// Adds an account, and requires a password from now on.
    pub(crate) fn add(&mut self, account: Account) {
        match self {
            Self::Passwords(accounts, _) => accounts.push(account),
            _ => *self = Self::Passwords(vec![account], WrongPasswords::default()),
        }
    }
}

fn signed_in(accounts: &[Account], wrong: &WrongPasswords, request: &Request) -> Result<Actor, HttpError> {
    let credentials = Credentials::from_headers(request.headers()).ok_or_else(HttpError::unauthenticated)?;
    let address = client_address(request);
    if !wrong.allows(address) {
        return Err(HttpError::too_many_passwords());
    }
    if is_valid(accounts, &credentials) {
        return Ok(Actor::new(credentials.user));
    }
    wrong.count(address, &credentials.user);
    Err(HttpError::unauthenticated())
}

/// The address of the connection; `None` if the server of the program does not tell it.
fn client_address(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip())
}
