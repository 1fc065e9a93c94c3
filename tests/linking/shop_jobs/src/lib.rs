//! A library of jobs that a program links and never names.

mod orders {
    use jobs::prelude::*;

    #[job]
    async fn ship(order_id: u64) -> Result<(), std::io::Error> {
        println!("shipped {order_id}");
        Ok(())
    }

    #[job]
    async fn bill(order_id: u64) -> Result<(), std::io::Error> {
        println!("billed {order_id}");
        Ok(())
    }
}
