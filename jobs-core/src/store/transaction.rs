//! Transactions of the user's own, in which jobs are stored and completed together with the user's data.

use std::any::Any;
use std::marker::PhantomData;

use crate::{Enqueued, Error, NewJob, Settled, Settlement, Store, StoreFuture};

/// A transaction of the user's on a database that is spoken to in SQL: what a driver's adapter makes of it.
///
/// It knows its driver and nothing of jobs; a store knows its statements and nothing of drivers. So each driver serves
/// all stores on its product, and each store all drivers.
///
/// `Driver` is any type of the crate that implements this. It lets that crate speak for a type of another one, which
/// Rust otherwise forbids, and is found by the compiler.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no transaction that jobs can be stored in",
    label = "no driver's adapter knows this type",
    note = "switch on the feature of its driver: `sqlx`, `diesel-async` or `sea-orm`; transactions of tokio-postgres \
            come with `postgres`. Of a pooled connection give what it derefs to, as `&mut *transaction`",
    note = "for `rusqlite` use the `.._blocking` form of this method"
)]
pub trait Transaction<Driver = ()>: Send {
    /// The product at the other end, as people write it: `PostgreSQL`.
    fn product(&self) -> &'static str;

    /// Runs one statement, prepared or not.
    ///
    /// The parameters are texts or NULL. All are sent with the type `text`; the statement itself casts them to what it
    /// needs. The answer is the first column of each row, which is a text, never NULL, and named `answer`. A statement
    /// that returns no rows is answered with none.
    ///
    /// Need not be cancel safe: a transaction in which a statement was dropped is to be rolled back.
    ///
    /// # Errors
    /// The driver's own, in the words of the store's adapter, which offers a function for that.
    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>>;
}

/// A transaction of the user's whose driver answers without waiting, and which need not leave its thread.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no transaction that jobs can be stored in without waiting",
    label = "no driver's adapter knows this type",
    note = "`rusqlite::Transaction`, `Savepoint` and `Connection` come with the feature `sqlite`"
)]
pub trait BlockingTransaction<Driver = ()> {
    /// The connection, as the type that stores of its product know: for `SQLite` a `rusqlite::Connection`.
    fn connection(&self) -> &dyn Any;
}

/// The power of a store to take part in a transaction of the caller's on the store's own database.
///
/// What it writes is there if and only if that transaction commits. After an error the transaction is to be rolled
/// back: some of the writing may have been done in it.
///
/// **Cancel safety.** A dropped future may leave the writing half done; then, too, the transaction is to be rolled back.
///
/// **Errors.** As said at [`Store`]; also if the transaction is on another product or another database than the store's,
/// as far as the store can know.
pub trait Within: Send + Sync {
    /// Stores all the jobs, as [`Store::enqueue`] does.
    ///
    /// # Errors
    /// As said at the trait.
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>>;

    /// Writes what became of an execution, as [`Store::settle`] does. If the token holds, nobody else can take the job
    /// before the transaction has ended.
    ///
    /// # Errors
    /// As said at the trait.
    fn settle<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled>;
}

/// As [`Within`], for transactions whose driver answers without waiting.
pub trait WithinBlocking: Send + Sync {
    /// Stores all the jobs, as [`Store::enqueue`] does. `connection` is what [`BlockingTransaction::connection`] gave.
    ///
    /// # Errors
    /// As said at [`Within`].
    fn enqueue(&self, connection: &dyn Any, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error>;

    /// Writes what became of an execution, as [`Store::settle`] does.
    ///
    /// # Errors
    /// As said at [`Within`].
    fn settle(&self, connection: &dyn Any, settlement: &Settlement) -> Result<Settled, Error>;
}

/// A transaction without its driver, as stores are handed it.
pub fn lend<D>(transaction: &mut impl Transaction<D>) -> impl Transaction {
    Lent { transaction, driver: PhantomData::<fn() -> D> }
}

struct Lent<'a, T, D> {
    transaction: &'a mut T,
    driver: PhantomData<fn() -> D>,
}

impl<D, T: Transaction<D>> Transaction for Lent<'_, T, D> {
    fn product(&self) -> &'static str {
        self.transaction.product()
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        self.transaction.run(statement, parameters)
    }
}

/// The power of a store to take part in a transaction.
///
/// # Errors
/// It has none; says what to do instead.
pub fn within(store: &dyn Store) -> Result<&dyn Within, Error> {
    store.within().ok_or_else(|| refused(store, store.within_blocking().is_some(), "_blocking"))
}

/// The power of a store to take part in a transaction whose driver answers without waiting.
///
/// # Errors
/// It has none; says what to do instead.
pub fn within_blocking(store: &dyn Store) -> Result<&dyn WithinBlocking, Error> {
    store.within_blocking().ok_or_else(|| refused(store, store.within().is_some(), ""))
}

fn refused(store: &dyn Store, has_other_form: bool, form: &str) -> Error {
    let what = "the jobs of this handle are not kept in the database of that transaction";
    if has_other_form {
        return Error::invalid(format!(
            "{what}: {store:?} takes transactions of its own database, by `.within{form}(..)`. For one on another \
             database gather the jobs with `jobs.hold()` and enqueue them after the commit"
        ));
    }
    Error::invalid(format!(
        "{what} but in {store:?}: connect to a store in that database (`postgres://..`, `sqlite:..`), or gather the \
         jobs with `jobs.hold()` and enqueue them after the commit"
    ))
}
