//! Makes connections.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jobs_core::{Error, SchemaStatus};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Config};

use super::Purpose;
use super::io_task::spawn_io;
use super::session::{Backend, Session};
use super::tls::Tls;
use crate::error::{Result, timed_out};
use crate::migrate::{check_up_to_date, migrate};
use crate::statements::{Statements, quote_identifier};

const WHAT: &str = "connect to the database";

/// Plans of prepared statements are made once, when the tables may be empty or not yet analysed. Each of our statements
/// has one plan that is right for any contents of the tables: along its index. These settings make all other plans
/// expensive, so the planner always takes that one.
const PLANNER_SETTINGS: &str = "-c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off \
                                -c enable_bitmapscan=off -c enable_hashjoin=off -c enable_mergejoin=off \
                                -c enable_sort=off";

/// With these the server notices within a minute that a client's machine is gone.
const KEEPALIVE: &str = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";

/// What a connector needs to know of the options.
#[derive(Debug)]
pub(crate) struct ConnectSettings {
    pub(crate) config: Config,
    pub(crate) tls: Tls,
    pub(crate) statements: Arc<Statements>,
    /// How long a call may take.
    pub(crate) call_timeout: Duration,
    pub(crate) prepare: bool,
}

/// Makes the connections of a store.
#[derive(Debug)]
pub(crate) struct Connector {
    settings: ConnectSettings,
    connect_timeout: Duration,
    /// Whether a session lasts as long as its connection. Set to false when a pooler is found between here and the
    /// server.
    keeps_sessions: AtomicBool,
}

impl Connector {
    pub(crate) fn new(settings: ConnectSettings) -> Self {
        let connect_timeout = settings.config.get_connect_timeout().copied().unwrap_or(Duration::from_secs(5));
        let keeps_sessions = AtomicBool::new(settings.prepare);
        Self { settings, connect_timeout, keeps_sessions }
    }

    /// How long a call may take.
    pub(crate) fn call_timeout(&self) -> Duration {
        self.settings.call_timeout
    }

    /// Whether a session lasts as long as its connection, so that prepared statements and `LISTEN` stay in force.
    pub(crate) fn keeps_sessions(&self) -> bool {
        self.keeps_sessions.load(Ordering::Relaxed)
    }

    /// Makes the first connection of a store, for work, and returns it with the status of the schema. Migrates the
    /// schema if it may, and finds out whether there is a pooler before another connection listens.
    pub(crate) async fn connect_first(
        &self,
        schema: &str,
        may_migrate: bool,
    ) -> Result<(Session, SchemaStatus), Error> {
        let mut session = self.open(Purpose::Work).await?;
        let client = session.client();
        let standing = if may_migrate {
            migrate(client, schema).await.map_err(|error| error.into_error("bring the schema up to date"))?
        } else {
            check_up_to_date(client, schema).await.map_err(|error| error.into_error("read the schema"))?
        };
        self.set_up(&mut session, Purpose::Work, &mut Vec::new()).await?;
        Ok((session, standing))
    }

    /// Makes a new connection and terminates the `lost` backends of earlier ones. A lost backend may still wait for a
    /// lock and would then run a statement whose caller has already got an error.
    pub(crate) async fn connect(&self, purpose: Purpose, lost: &mut Vec<Backend>) -> Result<Session, Error> {
        let mut session = self.open(purpose).await?;
        let ready = self.set_up(&mut session, purpose, lost).await;
        if ready.is_err() {
            lost.extend(session.backend());
        }
        ready.map(|()| session)
    }

    async fn open(&self, purpose: Purpose) -> Result<Session, Error> {
        match self.try_open(purpose).await {
            // This pooler refuses the settings of a session, so connect again without them.
            Err(error) if error.is_from_pooler() && self.keeps_sessions() => {
                self.keeps_sessions.store(false, Ordering::Relaxed);
                self.try_open(purpose).await
            }
            other => other,
        }
        .map_err(|error| error.into_error(WHAT))
    }

    async fn try_open(&self, purpose: Purpose) -> Result<Session> {
        let config = self.config_for(purpose.application_name());
        self.within_timeout(async {
            let (client, io_task) = spawn_io(&config, &self.settings.tls, None).await?;
            Ok(Session::new(client, self.settings.statements.clone(), io_task.abort_handle()))
        })
        .await
    }

    async fn set_up(&self, session: &mut Session, purpose: Purpose, lost: &mut Vec<Backend>) -> Result<(), Error> {
        if !self.keeps_sessions() {
            return Ok(());
        }
        let ready = async {
            if !session.identify_backend(self.call_timeout()).await? {
                // This pooler accepted the settings of a session and dropped them.
                self.keeps_sessions.store(false, Ordering::Relaxed);
                return Ok(());
            }
            session.terminate(lost).await?;
            lost.clear();
            session.prepare(purpose.prepared()).await
        };
        // As any call, this may have to wait for a lock.
        let limit = self.connect_timeout.min(self.call_timeout());
        let result = timeout(limit, ready).await.unwrap_or_else(|_| Err(timed_out(WHAT, limit).into()));
        result.map_err(|error| error.into_error(WHAT))
    }

    async fn within_timeout<T>(&self, opening: impl Future<Output = Result<T>>) -> Result<T> {
        let elapsed = || timed_out(WHAT, self.connect_timeout);
        timeout(self.connect_timeout, opening).await.unwrap_or_else(|_| Err(elapsed().into()))
    }

    /// Makes a connection that listens on a channel. Each notification marks `notifications` as changed. The connection
    /// ends when its client is dropped.
    pub(crate) async fn connect_listener(
        &self,
        notifications: watch::Sender<()>,
        channel: &str,
    ) -> Result<(Client, JoinHandle<()>)> {
        let config = self.config_for("jobs: listen");
        self.within_timeout(async {
            let (client, io_task) = spawn_io(&config, &self.settings.tls, Some(notifications)).await?;
            client.batch_execute(&format!("LISTEN {}", quote_identifier(channel))).await?;
            Ok((client, io_task))
        })
        .await
    }

    /// The configuration of a connection, with the name that the server shows for it and the settings of its session.
    fn config_for(&self, application_name: &str) -> Config {
        let mut config = self.settings.config.clone();
        if config.get_application_name().is_none() {
            config.application_name(application_name);
        }
        if self.keeps_sessions() {
            // The user's options come after the keepalive, which they may change, and before the plans, which they may
            // not.
            let given = config.get_options().unwrap_or_default().to_owned();
            config.options(format!("{KEEPALIVE} {given} {PLANNER_SETTINGS}"));
        }
        config
    }
}
