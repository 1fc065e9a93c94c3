//! `sqlx::Transaction` and `sqlx::PgConnection`.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::bank::{Bank, End, Ended, Work};

crate::cases::driver!(transact);

async fn transact(bank: &Bank, work: Work, end: End) -> Ended {
    let mut connection = PgConnection::connect(&bank.db.url).await.unwrap();
    let backend = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    sqlx::query(AssertSqlSafe(bank.order())).execute(&mut *transaction).await.unwrap();
    let answers = bank.work(&mut transaction, work).await.unwrap();
    let committed = match end {
        End::Commit => transaction.commit().await,
        End::RollBack => transaction.rollback().await,
        End::Drop => {
            drop(transaction);
            Ok(())
        }
        End::Cut => {
            bank.cut(backend).await;
            transaction.commit().await
        }
    };
    Ended { answers, committed: committed.map_err(Into::into) }
}

#[tokio::test]
async fn a_connection_with_an_open_transaction_can_be_used() {
    let Some(bank) = Bank::open().await else { return };
    let mut connection = PgConnection::connect(&bank.db.url).await.unwrap();
    for (end, ready) in [("ROLLBACK", 0), ("COMMIT", 1)] {
        sqlx::query("BEGIN").execute(&mut connection).await.unwrap();
        let _stored = bank.work(&mut connection, Work::One(None)).await.unwrap();
        sqlx::query(end).execute(&mut connection).await.unwrap();
        assert_eq!(bank.ready().await, ready);
    }
}
