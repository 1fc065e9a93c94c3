//! A connection to Redis that is made again when it was lost, and the calls over it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::Error;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, Pipeline, RedisError, RedisResult};

use crate::error;
use crate::scripts::Script;

/// How long a call may take. A batch of thousands takes milliseconds; a server that has to write its whole memory to the disk
/// stands still for seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// A connection, made at the first call in the runtime of that call.
pub struct Link {
    client: Client,
    manager: Mutex<Option<ConnectionManager>>,
}

impl Link {
    /// A connection to this server; nothing is sent yet.
    pub fn new(client: Client) -> Self {
        prepare_tls();
        Self { client, manager: Mutex::new(None) }
    }

    async fn connection(&self) -> RedisResult<ConnectionManager> {
        if let Some(manager) = self.slot().clone() {
            return Ok(manager);
        }
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_number_of_retries(1);
        let manager = self.client.get_connection_manager_with_config(config).await?;
        Ok(self.slot().insert(manager).clone())
    }

    fn slot(&self) -> MutexGuard<'_, Option<ConnectionManager>> {
        self.manager.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a script with these arguments. If the server refuses it because it does not write any more, a new connection is
    /// made, which the address may lead to another server, and the script runs again, once.
    ///
    /// Cancel safe: the connection stays usable, and the server may or may not have done the call.
    ///
    /// # Errors
    /// Redis cannot be reached, or refuses the script; the error [is transient](Error::is_transient) if it may be tried again.
    pub async fn run<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: &[Vec<u8>],
        doing: &str,
    ) -> Result<T, Error> {
        let answer = match self.call(script, arguments).await {
            Err(refusal) if self.leaves(&refusal) => self.call(script, arguments).await,
            answer => answer,
        };
        answer.map_err(|cause| error::of(cause, doing))
    }

    /// Runs commands in one round trip, again over a new connection as [`run`](Self::run).
    ///
    /// Cancel safe: the connection stays usable, and the server may or may not have done the call.
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    pub async fn commands<T: FromRedisValue>(&self, commands: &Pipeline, doing: &str) -> Result<T, Error> {
        self.query(commands).await.map_err(|cause| error::of(cause, doing))
    }

    /// The same; `None` if this user of Redis lacks the right to one of the commands.
    ///
    /// Cancel safe: the connection stays usable, and the server may or may not have done the call.
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    pub async fn allowed_commands<T: FromRedisValue>(
        &self,
        commands: &Pipeline,
        doing: &str,
    ) -> Result<Option<T>, Error> {
        match self.query(commands).await {
            Err(refusal) if refusal.code() == Some("NOPERM") => Ok(None),
            answer => answer.map(Some).map_err(|cause| error::of(cause, doing)),
        }
    }

    /// Calls a script by its hash, or by its code if the server does not have it.
    async fn call<T: FromRedisValue>(&self, script: &Script, arguments: &[Vec<u8>]) -> RedisResult<T> {
        let mut connection = self.connection().await?;
        match script.by_hash(arguments).query_async(&mut connection).await {
            // Not by its hash once more after it was loaded: the server may have forgotten it again meanwhile.
            Err(refusal) if refusal.code() == Some("NOSCRIPT") => {
                script.by_code(arguments).query_async(&mut connection).await
            }
            answer => answer,
        }
    }

    /// Runs commands in one round trip, of which only the one with this index, from 0, matters. Answers with the indices of the
    /// others that the server refused.
    ///
    /// Cancel safe: the connection stays usable, and the server may or may not have done the call.
    ///
    /// # Errors
    /// As those of [`run`](Self::run), for the command that matters.
    pub async fn commands_for(&self, commands: &Pipeline, matters: usize, doing: &str) -> Result<Vec<usize>, Error> {
        let Err(cause) = self.query::<()>(commands).await else { return Ok(Vec::new()) };
        let refused = cause.clone().into_server_errors();
        let refused = refused.map(|errors| errors.iter().map(|(index, _)| *index).collect::<Vec<_>>());
        refused.filter(|refused| !refused.contains(&matters)).ok_or_else(|| error::of(cause, doing))
    }

    async fn query<T: FromRedisValue>(&self, commands: &Pipeline) -> RedisResult<T> {
        let once = || async { commands.query_async(&mut self.connection().await?).await };
        match once().await {
            Err(refusal) if self.leaves(&refusal) => once().await,
            answer => answer,
        }
    }

    /// Leaves the connection if its server does not write any more: the address may lead to another one now.
    fn leaves(&self, refusal: &RedisError) -> bool {
        let is_elsewhere = error::is_elsewhere(refusal);
        if is_elsewhere {
            *self.slot() = None;
        }
        is_elsewhere
    }
}

/// The library for TLS needs to know by which cryptography it works, and cannot choose if a program has several. A choice
/// that the program made itself is kept.
#[cfg(feature = "tls")]
fn prepare_tls() {
    let _was_chosen = rustls::crypto::ring::default_provider().install_default();
}

#[cfg(not(feature = "tls"))]
const fn prepare_tls() {}
