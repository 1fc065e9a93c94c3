//! A connection to Redis that is made again when it was lost, and the calls over it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
    manager: Mutex<Option<Connected>>,
    departures: Departures,
}

/// How often a server was left because it does not write or answer any more. All connections of a store share it: what one of
/// them finds out by a write is true for the others too, which may only read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Departures(Arc<AtomicU64>);

impl Departures {
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Leaves the server of a connection that was made after so many departures. Calls that fail together leave it once.
    fn leave(&self, made_after: u64) {
        let _left_before =
            self.0.compare_exchange(made_after, made_after.wrapping_add(1), Ordering::Relaxed, Ordering::Relaxed);
    }
}

#[derive(Clone)]
struct Connected {
    manager: ConnectionManager,
    made_after: u64,
}

impl Link {
    /// A connection to this server; nothing is sent yet.
    pub fn new(client: Client) -> Self {
        prepare_tls();
        Self { client, manager: Mutex::new(None), departures: Departures::default() }
    }

    /// Another connection to the same address, for another runtime. If one of both finds that its server does not write or
    /// answer any more, both are made again.
    #[must_use]
    pub fn another(&self) -> Self {
        Self { client: self.client.clone(), manager: Mutex::new(None), departures: self.departures.clone() }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    pub(crate) fn departures(&self) -> &Departures {
        &self.departures
    }

    async fn connection(&self) -> RedisResult<Connected> {
        let made_after = self.departures.count();
        if let Some(connected) = self.slot().clone().filter(|connected| connected.made_after == made_after) {
            return Ok(connected);
        }
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(ANSWER_WITHIN))
            .set_connection_timeout(Some(CONNECT_WITHIN))
            .set_number_of_retries(1);
        let manager = self.client.get_connection_manager_with_config(config).await?;
        Ok(self.slot().insert(Connected { manager, made_after }).clone())
    }

    fn slot(&self) -> MutexGuard<'_, Option<Connected>> {
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
            Err(refusal) if error::is_elsewhere(&refusal) => self.call(script, arguments).await,
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
        match self.query_once(commands).await {
            Err(refusal) if error::is_elsewhere(&refusal) => self.query_once(commands).await,
            answer => answer,
        }
    }

    async fn query_once<T: FromRedisValue>(&self, commands: &Pipeline) -> RedisResult<T> {
        let Connected { mut manager, made_after } = self.connection().await?;
        let answer = commands.query_async(&mut manager).await;
        answer.inspect_err(|refusal| self.leave_for(refusal, made_after))
    }

    /// Calls a script by its hash, or by its code if the server does not have it.
    async fn call<T: FromRedisValue>(&self, script: &Script, arguments: &[Vec<u8>]) -> RedisResult<T> {
        let Connected { mut manager, made_after } = self.connection().await?;
        let answer = match script.by_hash(arguments).query_async(&mut manager).await {
            // Not by its hash once more after it was loaded: the server may have forgotten it again meanwhile.
            Err(refusal) if refusal.code() == Some("NOSCRIPT") => {
                script.by_code(arguments).query_async(&mut manager).await
            }
            answer => answer,
        };
        answer.inspect_err(|refusal| self.leave_for(refusal, made_after))
    }

    /// Leaves the server of a connection if it does not write any more, or does not answer: after a fail-over the address may
    /// lead to another one, and the old one may be gone without a word.
    fn leave_for(&self, refusal: &RedisError, made_after: u64) {
        if error::is_elsewhere(refusal) || refusal.is_timeout() {
            self.departures.leave(made_after);
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("departures", &self.departures).finish_non_exhaustive()
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
