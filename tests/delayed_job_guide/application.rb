# An application without Rails around it: what Rails would have made, and the jobs of the page.
#
#   ruby application.rb schema     makes the table
#   ruby application.rb enqueue    runs the line of the page
#   ruby application.rb work       works off the queue of the page until it is empty
require "active_record"
require "active_job"
require "delayed_job_active_record"
require "active_job/queue_adapters/delayed_job_adapter"

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ENV.fetch("DATABASE"), timeout: 20_000)
Delayed::Worker.logger = ActiveJob::Base.logger = Logger.new(nil)
ActiveJob::Base.queue_adapter = :delayed_job

class ApplicationJob < ActiveJob::Base
end
require_relative "jobs"

case ARGV.first
when "schema"
  ActiveRecord::Schema.verbose = false
  ActiveRecord::Schema.define do
    create_table :delayed_jobs do |table|
      table.integer :priority, default: 0, null: false
      table.integer :attempts, default: 0, null: false
      table.text :handler, null: false
      table.text :last_error
      table.datetime :run_at
      table.datetime :locked_at
      table.datetime :failed_at
      table.string :locked_by
      table.string :queue
      table.timestamps null: true
      table.index [:priority, :run_at], name: "delayed_jobs_priority"
    end
  end
when "enqueue"
  eval(ENV.fetch("LINE"))
when "work"
  puts Delayed::Worker.new(quiet: true, queues: ["mailers"]).work_off.inspect
end
