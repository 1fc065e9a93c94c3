//! Opens a store by its options.

use std::path::Path;
use std::sync::Arc;

use jobs_core::Error;

use crate::connection::db_file::DbFile;
use crate::connection::reader::Reader;
use crate::connection::setup;
use crate::connection::writer::Writer;
use crate::error::Result;
use crate::{SqliteOptions, SqliteStore, path};

impl SqliteOptions {
    /// Opens the file and brings its schema up to date. Blocks for as long as that takes, at most `busy_timeout` longer
    /// if another process does the same.
    ///
    /// # Errors
    /// The path cannot be that of a database; there is no file and none is to be created; the file is not a database,
    /// or belongs to another program; its schema is older and must not be changed, or so much newer that this library
    /// would do harm; another process held its lock for too long (transient).
    pub fn open(self) -> Result<SqliteStore, Error> {
        path::check(&self.path)?;
        if !(self.create && self.migrate) {
            path::check_exists(&self.path)?;
        }
        let path = self.path.display().to_string();
        start(self).map_err(|error| error.into_error(&format!("open `{path}`")))
    }
}

impl SqliteStore {
    /// The file at this path with the usual options; it is created if it does not exist.
    ///
    /// # Errors
    /// As [`SqliteOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        SqliteOptions::new(path.as_ref()).open()
    }
}

fn start(options: SqliteOptions) -> Result<SqliteStore> {
    let settings = setup::ConnectionSettings {
        path: &options.path,
        busy_timeout: options.busy_timeout,
        synchronous: options.synchronous.as_str(),
        migrate: options.migrate,
    };
    let (writing, standing) = setup::for_writing(&settings)?;
    let reader = Reader::start(setup::for_reading(&settings)?)?;
    let file = DbFile::at(&options.path);
    let writer = Writer::start(writing, file, options.clock.clone())?;
    let file = DbFile::at(&options.path);
    Ok(SqliteStore {
        writer,
        reader,
        clock: options.clock,
        max_size: options.max_size,
        file,
        standing,
        refused: Arc::default(),
    })
}
