# Charges an order.
module Billing
  class ChargeJob < ApplicationJob
    queue_as :payments
    retry_on Timeout::Error, wait: 5.seconds do |job, error|
      job.logger.warn("end #{error}")
    end

    def perform(order_id, method = :card, amount:, note: "none", type: nil)
      Gateway.charge(order_id, method, amount) if amount
    end
  end

  class ManyJob < ApplicationJob
    def perform(*ids)
    end
  end
end
