//! `diesel_async::AsyncPgConnection`, in which a transaction is open.

use diesel::QueryableByName;
use diesel::deserialize;
use diesel::pg::Pg;
use diesel::row::NamedRow;
use diesel::sql_types::Integer;
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, TransactionManager,
};
use jobs_core::{BoxError, Error};

use crate::bank::{Bank, End, Ended, Work};

crate::cases::driver!(transact);

type Doing = AnsiTransactionManager;

struct Backend(i32);

impl QueryableByName<Pg> for Backend {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        NamedRow::get::<Integer, i32>(row, "backend").map(Self)
    }
}

async fn transact(bank: &Bank, work: Work, end: End) -> Ended {
    let mut connection = AsyncPgConnection::establish(&bank.db.url).await.unwrap();
    let asking = diesel::sql_query("SELECT pg_backend_pid() AS backend");
    let Backend(backend) = asking.get_result(&mut connection).await.unwrap();
    Doing::begin_transaction(&mut connection).await.unwrap();
    connection.batch_execute(&bank.order()).await.unwrap();
    let answers = bank.work(&mut connection, work).await.unwrap();
    let committed = match end {
        End::Commit => Doing::commit_transaction(&mut connection).await,
        End::RollBack => Doing::rollback_transaction(&mut connection).await,
        End::Drop => Ok(()),
        End::Cut => {
            bank.cut(backend).await;
            Doing::commit_transaction(&mut connection).await
        }
    };
    Ended { answers, committed: committed.map_err(Into::into) }
}

#[tokio::test]
async fn a_transaction_closure_of_diesel_can_be_used() {
    let Some(bank) = Bank::open().await else { return };
    let mut connection = AsyncPgConnection::establish(&bank.db.url).await.unwrap();
    let done: Result<(), BoxError> = connection
        .transaction(async |connection| {
            connection.batch_execute(&bank.order()).await?;
            let _stored = bank.work(connection, Work::One(None)).await?;
            Ok(())
        })
        .await;
    done.unwrap();
    let undone: Result<(), BoxError> = connection
        .transaction(async |connection| {
            let _stored = bank.work(connection, Work::One(None)).await?;
            Err(Error::other("the program thought better of it").into())
        })
        .await;
    undone.unwrap_err();
    assert_eq!((bank.ready().await, bank.orders().await), (1, 1));
}
