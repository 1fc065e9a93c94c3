//! Makes connections.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jobs_core::{Error, Standing};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Client, Config};

use crate::PostgresOptions;
use crate::carrier::carry;
use crate::error::{Result, silent};
use crate::migrate::{is_up_to_date, migrate};
use crate::session::{Backend, Session};
use crate::statements::{Sql, Texts};
use crate::text::quoted;
use crate::tls::Tls;

const WHAT: &str = "connect to the database";

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Claims and settles.
    Work,
    /// Enqueues.
    Enqueue,
    /// Shows that a process lives, whatever the others wait for.
    Beat,
    /// Looks, manages and recovers.
    Look,
    /// Removes dead rows.
    Vacuum,
}

impl Purpose {
    /// The statements that are run so often that they are prepared.
    const fn prepared(self) -> &'static [Sql] {
        match self {
            Self::Work => &[
                Sql::ClaimOne,
                Sql::ClaimQueues,
                Sql::ClaimSelectors,
                Sql::WorkOne,
                Sql::WorkQueues,
                Sql::WorkSelectors,
                Sql::Settle,
                Sql::Dispatch,
                Sql::Holder,
            ],
            Self::Enqueue => &[
                Sql::Enqueue,
                Sql::EnqueueAgain,
                Sql::EnqueueBegin,
                Sql::EnqueueDone,
                Sql::EnqueueMany,
                Sql::UniqueTake,
            ],
            Self::Beat | Self::Look | Self::Vacuum => &[],
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Work => "jobs: work",
            Self::Enqueue => "jobs: enqueue",
            Self::Beat => "jobs: beat",
            Self::Look => "jobs: look",
            Self::Vacuum => "jobs: vacuum",
        }
    }
}

/// Plans of prepared statements are made once, when the tables may be empty or not yet analysed. Each of ours has one
/// plan that is right whatever the tables hold: along its index. With the other ways made dear it is always taken.
const PLANS: &str = "-c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off -c enable_bitmapscan=off \
                     -c enable_hashjoin=off -c enable_mergejoin=off -c enable_sort=off";

/// A client that vanished without a word is noticed by the server too, within a minute.
const VANISHED: &str = "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";

/// Knows the way to the server.
#[derive(Debug)]
pub(crate) struct Dialer {
    config: Config,
    tls: Tls,
    texts: Arc<Texts>,
    connect_timeout: Duration,
    patience: Duration,
    /// Whether statements are prepared. A pooler that is met on the way switches it off.
    prepare: AtomicBool,
}

impl Dialer {
    pub(crate) fn new(options: &PostgresOptions) -> Result<Self, Error> {
        Ok(Self {
            config: options.config.clone(),
            tls: Tls::new(options)?,
            texts: Arc::new(Texts::new(&options.schema)),
            connect_timeout: options.config.get_connect_timeout().copied().unwrap_or(Duration::from_secs(5)),
            patience: options.patience,
            prepare: AtomicBool::new(options.prepare),
        })
    }

    /// How long the server may be silent during a call.
    pub(crate) fn patience(&self) -> Duration {
        self.patience
    }

    /// Whether a session belongs to one client for as long as it lasts, so that it may keep what was prepared or
    /// listened to.
    pub(crate) fn keeps_sessions(&self) -> bool {
        self.prepare.load(Ordering::Relaxed)
    }

    /// The first connection of a store, for work, and how the schema stands: brings the schema up to date if it is to, and finds out about a pooler
    /// before anything is listened to.
    pub(crate) async fn dial_first(&self, options: &PostgresOptions) -> Result<(Session, Standing), Error> {
        let mut session = self.connect(Purpose::Work).await?;
        let (client, schema) = (session.client(), &options.schema);
        let standing = if options.migrate {
            migrate(client, schema).await.map_err(|trouble| trouble.into_error("bring the schema up to date"))?
        } else {
            is_up_to_date(client, schema).await.map_err(|trouble| trouble.into_error("look at the schema"))?
        };
        self.make_ready(&mut session, Purpose::Work, &mut Vec::new()).await?;
        Ok((session, standing))
    }

    /// A new connection, in place of those that were `lost`. What served them is ended first: what they were asked may
    /// still be waiting for a lock, and would be done for nobody.
    pub(crate) async fn dial(&self, purpose: Purpose, lost: &mut Vec<Backend>) -> Result<Session, Error> {
        let mut session = self.connect(purpose).await?;
        let ready = self.make_ready(&mut session, purpose, lost).await;
        if ready.is_err() {
            lost.extend(session.backend());
        }
        ready.map(|()| session)
    }

    async fn connect(&self, purpose: Purpose) -> Result<Session, Error> {
        match self.connect_with(purpose).await {
            Err(trouble) if trouble.is_pooler() && self.keeps_sessions() => {
                self.prepare.store(false, Ordering::Relaxed);
                self.connect_with(purpose).await
            }
            other => other,
        }
        .map_err(|trouble| trouble.into_error(WHAT))
    }

    async fn connect_with(&self, purpose: Purpose) -> Result<Session> {
        let config = self.named(purpose.name());
        self.in_time(async {
            let (client, carrier) = carry(&config, &self.tls, None).await?;
            Ok(Session::new(client, self.texts.clone(), carrier.abort_handle()))
        })
        .await
    }

    async fn make_ready(&self, session: &mut Session, purpose: Purpose, lost: &mut Vec<Backend>) -> Result<(), Error> {
        if !self.keeps_sessions() {
            return Ok(());
        }
        let ready = async {
            if !session.meet_backend(self.patience).await? {
                self.prepare.store(false, Ordering::Relaxed);
                return Ok(());
            }
            session.end(lost).await?;
            lost.clear();
            session.prepare(purpose.prepared()).await
        };
        // It may have to wait for a lock as any call.
        let limit = self.connect_timeout.min(self.patience);
        let answer = timeout(limit, ready).await.unwrap_or_else(|_| Err(silent(WHAT, limit).into()));
        answer.map_err(|trouble| trouble.into_error(WHAT))
    }

    async fn in_time<T>(&self, opening: impl Future<Output = Result<T>>) -> Result<T> {
        timeout(self.connect_timeout, opening).await.unwrap_or_else(|_| Err(silent(WHAT, self.connect_timeout).into()))
    }

    /// A connection that tells of notifications by changing `hints`, and ends when the client does.
    pub(crate) async fn dial_to_listen(
        &self,
        hints: watch::Sender<()>,
        channel: &str,
    ) -> Result<(Client, JoinHandle<()>)> {
        let config = self.named("jobs: listen");
        self.in_time(async {
            let (client, carrier) = carry(&config, &self.tls, Some(hints)).await?;
            client.batch_execute(&format!("LISTEN {}", quoted(channel))).await?;
            Ok((client, carrier))
        })
        .await
    }

    /// The way, with a name by which the server shows the connection and the settings of ours.
    fn named(&self, name: &str) -> Config {
        let mut config = self.config.clone();
        if config.get_application_name().is_none() {
            config.application_name(name);
        }
        if self.keeps_sessions() {
            let given = config.get_options().unwrap_or_default().to_owned();
            config.options(format!("{VANISHED} {given} {PLANS}"));
        }
        config
    }
}
