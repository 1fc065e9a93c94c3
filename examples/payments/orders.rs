//! Reads orders from a CSV file that was typed manually.

use std::collections::HashSet;

/// An order to be paid.
pub(crate) struct Order {
    pub(crate) id: u64,
    pub(crate) method: String,
    pub(crate) cents: u64,
    pub(crate) when: When,
}

/// When an order is to be paid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Now,
    Later,
    Urgent,
}

/// The valid orders, and a message for each invalid line.
pub(crate) fn read(text: &str) -> (Vec<Order>, Vec<String>) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let (mut orders, mut problems, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (index, line) in reader.records().enumerate() {
        let parsed = line.map_err(|error| error.to_string()).and_then(|line| parse(&line));
        let unique = parsed.and_then(|order| {
            if seen.insert(order.id) { Ok(order) } else { Err(format!("order {} appears twice", order.id)) }
        });
        match unique {
            Ok(order) => orders.push(order),
            // The header is line 1.
            Err(problem) => problems.push(format!("line {}: {problem}", index + 2)),
        }
    }
    (orders, problems)
}

fn parse(line: &csv::StringRecord) -> Result<Order, String> {
    let field = |index: usize, name: &str| line.get(index).ok_or_else(|| format!("{name} is missing"));
    let (id, method, amount, when) =
        (field(0, "order_id")?, field(2, "method")?, field(3, "amount")?, field(4, "when")?);
    let id = id.parse().map_err(|_| format!("`{id}` is not an order number"))?;
    if !["card", "paypal", "sepa"].contains(&method) {
        return Err(format!("order {id}: `{method}` is not a payment method"));
    }
    let cents = cents(amount).ok_or_else(|| format!("order {id}: `{amount}` is not an amount"))?;
    let when = match when {
        "now" => When::Now,
        "later" => When::Later,
        "urgent" => When::Urgent,
        other => return Err(format!("order {id}: `{other}` is not a valid time")),
    };
    Ok(Order { id, method: method.to_owned(), cents, when })
}

fn cents(amount: &str) -> Option<u64> {
    let (whole, part) = amount.split_once('.')?;
    let part = (part.len() == 2).then(|| part.parse::<u64>().ok())??;
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part)
}
