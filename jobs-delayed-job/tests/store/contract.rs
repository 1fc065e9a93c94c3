//! The contract that every store passes, on each database.

use std::sync::Arc;

use jobs_core::{Clock, Store};
use jobs_testing::contract::StoreUnderTest;

use crate::application::{Application, Kind, NO_SERVER};

async fn open(kind: Kind, clock: Arc<dyn Clock>) -> StoreUnderTest {
    let Some(application) = Application::new(kind).await else { return StoreUnderTest::skipped(NO_SERVER) };
    let options = application.by(clock);
    let store: Arc<dyn Store> = Arc::new(application.store(options.clone()).await);
    let reopen = move || {
        let options = options.clone();
        async move { Arc::new(options.connect().await.expect("the database answers again")) as Arc<dyn Store> }
    };
    // A look for new rows sees no row that another handle released.
    StoreUnderTest::new(store).reopen(reopen).hears_only_itself().keeping(application)
}

mod postgres {
    use super::{Arc, Clock, Kind, StoreUnderTest};

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        super::open(Kind::Postgres, clock).await
    }

    jobs_testing::store_contract!(open);
}

mod sqlite {
    use super::{Arc, Clock, Kind, StoreUnderTest};

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        super::open(Kind::Sqlite, clock).await
    }

    jobs_testing::store_contract!(open);
}

mod mariadb {
    use super::{Arc, Clock, Kind, StoreUnderTest};

    async fn open(clock: Arc<dyn Clock>) -> StoreUnderTest {
        super::open(Kind::MariaDb, clock).await
    }

    jobs_testing::store_contract!(open);
}
