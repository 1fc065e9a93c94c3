use jobs::prelude::*;

#[job]
async fn ship(order: u64) -> Result<(), std::io::Error> {
    let _ = order;
    Ok(())
}

async fn place_order(mut number: u64) -> jobs::Result<()> {
    Ship::perform_later(1).within(&mut number).await?;
    Ship::perform_later(1).within_blocking(&number)?;
    Ok(())
}

fn main() {
    let _ = place_order(1);
}
