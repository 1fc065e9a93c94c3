//! `sea_orm::DatabaseTransaction`.

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement, TransactionTrait};

use crate::bank::{Bank, End, Ended, Work};

crate::cases::driver!(transact);

async fn transact(bank: &Bank, work: Work, end: End) -> Ended {
    let mut options = ConnectOptions::new(&bank.db.url);
    let database = Database::connect(options.max_connections(1).to_owned()).await.unwrap();
    let mut transaction = database.begin().await.unwrap();
    let asking = Statement::from_string(DbBackend::Postgres, "SELECT pg_backend_pid()");
    let backend = transaction.query_one_raw(asking).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    transaction.execute_unprepared(&bank.order()).await.unwrap();
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
