//! The caller's own transactions, in which jobs are stored and completed together with the caller's data.

use std::any::Any;
use std::marker::PhantomData;

use super::StoreFuture;
use crate::{Enqueued, Error, NewJob, Settled, Settlement};

/// A caller's transaction on an SQL database, as the adapter of its driver implements it.
///
/// It knows its driver and nothing of jobs; a store knows its statements and nothing of drivers. So each driver works
/// with all stores on its product, and each store with all drivers.
///
/// `Driver` is any type of the crate that implements this. It lets that crate implement the trait for a type of another
/// crate, which Rust otherwise forbids; the compiler infers it.
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
    /// The parameters are texts or NULL. All are sent with the type `text`; the statement itself casts them to the types
    /// that it needs. The answer is the first column of each row, which is a text, never NULL, and named `answer`. For a
    /// statement that returns no rows it is empty.
    ///
    /// Need not be cancel safe: the caller rolls back a transaction in which a statement was dropped.
    ///
    /// # Errors
    /// The driver's own, converted by a function that the store's adapter offers.
    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>>;
}

/// A caller's transaction whose driver is synchronous, and which need not be `Send`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no transaction that jobs can be stored in without waiting",
    label = "no driver's adapter knows this type",
    note = "`rusqlite::Transaction`, `Savepoint` and `Connection` come with the feature `sqlite`"
)]
pub trait BlockingTransaction<Driver = ()> {
    /// The connection, as the type that the stores of its product expect: for `SQLite` a `rusqlite::Connection`.
    fn connection(&self) -> &dyn Any;
}

/// The capability of a store to take part in the caller's transaction on the store's own database.
///
/// What it writes exists if and only if that transaction commits. After an error the caller has to roll the transaction
/// back: a part may have been written.
///
/// **Cancel safety.** If the future is dropped, a part may have been written; the caller has to roll back then too.
///
/// **Errors.** As said at [`Store`](crate::Store); also if the transaction is on another product or another database than
/// the store, as far as the store can know.
pub trait Transactional: Send + Sync {
    /// Stores all the jobs, as [`Store::enqueue`](crate::Store::enqueue) does.
    ///
    /// # Errors
    /// As said at the trait.
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>>;

    /// Writes how an execution ended, as [`Store::settle`](crate::Store::settle) does. If the token holds, no other
    /// process can take the job before the transaction has ended.
    ///
    /// # Errors
    /// As said at the trait.
    fn settle<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled>;
}

/// As [`Transactional`], for transactions whose driver is synchronous.
pub trait BlockingTransactional: Send + Sync {
    /// Stores all the jobs, as [`Store::enqueue`](crate::Store::enqueue) does. `connection` is what
    /// [`BlockingTransaction::connection`] returned.
    ///
    /// # Errors
    /// As said at [`Transactional`].
    fn enqueue(&self, connection: &dyn Any, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error>;

    /// Writes how an execution ended, as [`Store::settle`](crate::Store::settle) does.
    ///
    /// # Errors
    /// As said at [`Transactional`].
    fn settle(&self, connection: &dyn Any, settlement: &Settlement) -> Result<Settled, Error>;
}

/// A transaction without its driver type, as stores receive it.
pub fn lend<D>(transaction: &mut impl Transaction<D>) -> impl Transaction {
    AnyDriver { transaction, driver: PhantomData::<fn() -> D> }
}

struct AnyDriver<'a, T, D> {
    transaction: &'a mut T,
    driver: PhantomData<fn() -> D>,
}

impl<D, T: Transaction<D>> Transaction for AnyDriver<'_, T, D> {
    fn product(&self) -> &'static str {
        self.transaction.product()
    }

    fn run<'a>(&'a mut self, statement: &'a str, parameters: &'a [Option<String>]) -> StoreFuture<'a, Vec<String>> {
        self.transaction.run(statement, parameters)
    }
}
