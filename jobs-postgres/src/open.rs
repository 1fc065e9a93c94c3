//! Opens a store by its options.

use std::sync::Arc;

use jobs_core::{Error, LogText};
use tokio::runtime::Handle;

use crate::codec::encoding::Encoding;
use crate::connection::Purpose;
use crate::connection::actor::ConnectionHandle;
use crate::connection::connector::{ConnectSettings, Connector};
use crate::connection::notifier::ChangeNotifier;
use crate::connection::session::Session;
use crate::connection::tls::{Tls, TlsSettings};
use crate::enqueue::batcher::EnqueueBatcher;
use crate::statements::{Sql, Statements, channel};
use crate::transaction::portable::PortableStatements;
use crate::work::pending_claims::PendingClaims;
use crate::work::routing::Apart;
use crate::work::vacuum::Vacuum;
use crate::{PostgresOptions, PostgresStore};

impl PostgresOptions {
    /// Connects and brings the schema up to date. Must be called within a tokio runtime, which serves the connections
    /// for as long as the store lives.
    ///
    /// Cancel safe: a dropped future leaves at most a schema that was created empty.
    ///
    /// # Errors
    /// The name of the schema is empty or longer than 63 bytes; the server cannot be reached or rejects this user; the schema is older and must not be changed, or so much newer
    /// that this library would do harm; or its tables are those of another program.
    pub async fn connect(self) -> Result<PostgresStore, Error> {
        let runtime = Handle::try_current()
            .map_err(|cause| Error::invalid("a store is opened within a tokio runtime").with_source(cause))?;
        check_schema(&self.schema)?;
        let statements = Arc::new(Statements::new(&self.schema));
        let connector = Arc::new(Connector::new(connect_settings(&self, statements.clone())?));
        let (session, standing) = connector.connect_first(&self.schema, self.migrate).await?;
        let (database, encoding) = database(&session).await?;
        let known = Encoding::of(&encoding);
        if known != Encoding::Utf8 {
            tracing::warn!(
                target: "jobs", database = %LogText::field(&database), %encoding,
                "The database has the encoding {encoding}: jobs with characters that it lacks are refused, and such characters \
                 are escaped in errors. Use a database with the encoding UTF8"
            );
        }
        let portable = PortableStatements::new(&statements, database);
        let serial = |purpose| ConnectionHandle::serial(connector.clone(), purpose);
        let batcher = || {
            let connection = ConnectionHandle::pipelined(connector.clone(), Purpose::Enqueue, None);
            EnqueueBatcher::spawn(connection, self.clock.clone())
        };
        let vacuum = Vacuum::new(connector.clone(), runtime.clone(), self.vacuum_after);
        let listener = self.listen.then(|| connector.clone());
        Ok(PostgresStore {
            work: ConnectionHandle::pipelined(connector.clone(), Purpose::Work, Some(session)),
            settles: ConnectionHandle::pipelined(connector.clone(), Purpose::Settle, None),
            apart: Apart::default(),
            heartbeats: serial(Purpose::Heartbeat),
            admin: serial(Purpose::Admin),
            enqueues: batcher(),
            unique_enqueues: batcher(),
            bulk_enqueues: serial(Purpose::Enqueue),
            notifier: ChangeNotifier::new(listener, channel(&self.schema), runtime),
            clock: self.clock.clone(),
            pending_claims: PendingClaims::default(),
            vacuum,
            refused: Arc::default(),
            schema: self.schema,
            standing,
            encoding: known,
            portable,
            connector,
        })
    }
}

impl PostgresStore {
    /// The store behind this URL; see [`PostgresOptions::from_url`] for its form. Must be called within a tokio
    /// runtime, which serves the connections for as long as the store lives.
    ///
    /// Cancel safe: a dropped future leaves at most a schema that was created empty.
    ///
    /// # Errors
    /// As [`PostgresOptions::from_url`] and [`PostgresOptions::connect`].
    pub async fn connect(url: &str) -> Result<Self, Error> {
        PostgresOptions::from_url(url)?.connect().await
    }
}

fn connect_settings(options: &PostgresOptions, statements: Arc<Statements>) -> Result<ConnectSettings, Error> {
    let tls = Tls::new(TlsSettings {
        mode: options.config.get_ssl_mode(),
        trust: options.trust,
        root_certificates: options.root_certificates.as_deref(),
    })?;
    Ok(ConnectSettings {
        config: options.config.clone(),
        tls,
        statements,
        call_timeout: options.call_timeout,
        prepare: options.prepare,
    })
}

/// The database that the store is in: its name and its encoding.
async fn database(session: &Session) -> Result<(String, String), Error> {
    let row = session.query_one(Sql::Database, &[]).await;
    let database = row.and_then(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    database.map_err(|error| error.into_error("read the database's name"))
}

/// The longest name of a schema. `PostgreSQL` cuts longer names, and then finds no tables under the name that was given.
const SCHEMA_BYTES: usize = 63;

fn check_schema(schema: &str) -> Result<(), Error> {
    if (1..=SCHEMA_BYTES).contains(&schema.len()) && !schema.contains('\0') {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "`{}` cannot be the name of a schema: a name has 1 to {SCHEMA_BYTES} bytes, this one has {}",
        schema.escape_debug(),
        schema.len()
    )))
}
