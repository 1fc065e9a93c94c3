//! `tokio_postgres::Transaction`.

use crate::bank::{Bank, End, Ended, Work};

crate::cases::driver!(transact);

async fn transact(bank: &Bank, work: Work, end: End) -> Ended {
    let mut client = bank.db.stranger().await;
    let backend = client.query_one("SELECT pg_backend_pid()", &[]).await.unwrap().get(0);
    let mut transaction = client.transaction().await.unwrap();
    transaction.batch_execute(&bank.order()).await.unwrap();
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
