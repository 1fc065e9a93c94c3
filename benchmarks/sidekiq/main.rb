# The genuine Sidekiq as a contestant; started by the benchmark in the tree of a Debian release: `ruby - child <task>`.
# Its worker is embedded in this process: the same processors as those of the program `sidekiq`, without its start.

require "json"
require "logger"
require "sidekiq"
require "sidekiq/embedded"

TASK = JSON.parse(ARGV.fetch(1))
JOBS, BACKLOG = TASK["jobs"], TASK["backlog"]
THREADS = TASK["contestant"][/\((\d+)\)/, 1].to_i
PATIENCE = 10

Sidekiq.default_configuration.logger = Logger.new(File::NULL)
Sidekiq.configure_client { |config| config.redis = {url: TASK["place"], size: 10} }

def clock = Process.clock_gettime(Process::CLOCK_MONOTONIC)

def micros = Process.clock_gettime(Process::CLOCK_REALTIME, :microsecond)

# What the jobs note down.
class Tally
  attr_reader :count, :first, :last, :latencies

  def initialize
    @lock, @count, @latencies = Mutex.new, 0, []
  end

  def performed(order_id)
    @lock.synchronize do
      @first ||= clock
      @count += 1
      @last = clock if @count == JOBS
      @latencies << micros - order_id if TASK["step"] == "Pickup"
    end
  end
end

TALLY = Tally.new

class ProcessPayment
  include Sidekiq::Job

  def perform(order_id, method) = TALLY.performed(order_id)
end

def worker
  instance = Sidekiq.configure_embed do |config|
    config.logger = Logger.new(File::NULL)
    config.redis = {url: TASK["place"]}
    config.queues = ["default"]
    config.concurrency = THREADS
  end
  instance.run
  instance
end

def waiting = Sidekiq.redis { |redis| redis.call("LLEN", "queue:default") }

def check(expected)
  raise "#{waiting} jobs wait, it should be #{expected}" unless waiting == expected
end

def fill(count)
  from = clock
  (0...count).each_slice(1000) do |numbers|
    Sidekiq::Client.push_bulk("class" => ProcessPayment, "args" => numbers.map { |number| [number, "credit_card"] })
  end
  seconds = clock - from
  check(count)
  {jobs: count, seconds: seconds}
end

def enqueue_one
  from = clock
  8.times.map { |caller| Thread.new { (JOBS / 8).times { |n| ProcessPayment.perform_async(caller * JOBS / 8 + n, "credit_card") } } }.each(&:join)
  seconds = clock - from
  check(JOBS)
  {jobs: JOBS, seconds: seconds}
end

# From the first job to the last one: the start of Ruby is no part of it.
def drain
  running, from = worker, clock
  sleep 0.005 while TALLY.count < JOBS && clock - from < PATIENCE
  count, ended = TALLY.count, TALLY.last || clock
  running.stop
  check(0) if count == JOBS && JOBS == BACKLOG
  {jobs: count, seconds: ended - TALLY.first, performed_seconds: ended - TALLY.first, cut_off: count < JOBS}
end

def pickup
  running = worker
  pauses = Random.new(1)
  JOBS.times do
    sleep pauses.rand(0.005..0.015)
    ProcessPayment.perform_async(micros, "credit_card")
  end
  sleep 0.005 while TALLY.count < JOBS
  running.stop
  latencies = TALLY.latencies.sort
  rank = ->(percent) { latencies[(latencies.size * percent / 100.0).ceil - 1] }
  {jobs: JOBS, seconds: 0.0, p50_us: rank[50], p99_us: rank[99]}
end

report =
  case TASK["step"]
  when "Fill" then fill(BACKLOG)
  when "EnqueueBulk" then fill(JOBS)
  when "EnqueueOne" then enqueue_one
  when "Drain" then drain
  when "Pickup" then pickup
  else raise "there is no step #{TASK["step"]}"
  end
# Memory is not told: the tree has no /proc.
puts JSON.generate({cpu_seconds: Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID), **report})
