# How the expected numbers of these cases were made: each request is answered with R's survey package.
#
#   Rscript make.R two_stage.json lonely.json calibrated.json words.json
#
# writes the answers to NAME.json.out, a mapping of id to key to number. They were made with R 4.2.2 and survey 4.1-1, put
# under "expect" in each request (12 digits) and are kept there; the tests do not need R. Numbers that are nothing but
# rounding in R (the effective n of a share without error) were left out.
suppressMessages({library(survey); library(jsonlite)})
LEVEL <- 0.95

number <- function(data, name) { x <- data[[name]]; if (is.null(x)) stop("no column ", name); as.numeric(x) }
one <- function(name) if (is.null(name)) NULL else as.formula(paste0("~`", name, "`"))

design_of <- function(data, d) {
  for (name in c(d$weights, d$fpc_stage1, d$fpc_stage2)) data[[name]] <- number(data, name)
  ids <- if (is.null(d$psu)) ~1 else if (is.null(d$ssu)) one(d$psu) else as.formula(paste0("~`", d$psu, "` + `", d$ssu, "`"))
  fpc <- if (is.null(d$fpc_stage1)) NULL else if (is.null(d$fpc_stage2)) one(d$fpc_stage1) else as.formula(paste0("~`", d$fpc_stage1, "` + `", d$fpc_stage2, "`"))
  made <- svydesign(ids = ids, strata = one(d$strata), weights = one(d$weights), fpc = fpc, nest = isTRUE(d$nest), data = data)
  if (is.null(d$calibration)) made else calibrated(made, data, d$calibration)
}

calibrated <- function(design, data, about) {
  if (about$method == "poststratify") {
    column <- names(about$margins)[1]
    totals <- data.frame(level = names(about$margins[[1]]), Freq = unlist(about$margins[[1]]))
    names(totals)[1] <- column
    return(postStratify(design, one(column), totals))
  }
  pieces <- list(); totals <- c()
  size <- if (length(about$margins)) sum(unlist(about$margins[[1]])) else about$totals[["(Intercept)"]]
  design$variables$.one <- 1
  for (column in names(about$margins)) {
    levels <- names(about$margins[[column]])
    for (level in levels[-1]) {          # the first level follows from the intercept
      name <- paste0(".m", length(pieces)); design$variables[[name]] <- as.numeric(data[[column]] == level)
      pieces[[name]] <- name; totals[name] <- about$margins[[column]][[level]]
    }
  }
  for (column in setdiff(names(about$totals), "(Intercept)")) {
    name <- paste0(".t", length(pieces)); design$variables[[name]] <- number(data, column)
    pieces[[name]] <- name; totals[name] <- about$totals[[column]]
  }
  x <- as.matrix(cbind(1, design$variables[unlist(pieces)]))
  kept <- qr(x)$pivot[seq_len(qr(x)$rank)]   # collinear columns change nothing; R's linear method refuses them
  kept <- sort(kept)
  names_kept <- c("(Intercept)", unlist(pieces))[kept]
  population <- c("(Intercept)" = size, totals)[names_kept]
  formula <- as.formula(paste("~", paste(c("1", setdiff(names_kept, "(Intercept)")), collapse = " + ")))
  bounds <- if (is.null(about$bounds)) c(-Inf, Inf) else unlist(about$bounds)
  suppressWarnings(calibrate(design, formula, population, calfun = about$method, bounds = bounds, epsilon = 1e-11, maxit = 500))
}

inside <- function(data, domain) {
  rows <- rep(TRUE, nrow(data))
  for (column in names(domain)) rows <- rows & !is.na(data[[column]]) & data[[column]] == as.character(domain[[column]])
  rows
}

numbered <- function(design, rows, values) { design$variables$.y <- ifelse(rows, values, 0); design[rows, ] }

root <- function(v) sqrt(max(as.numeric(v), 0))

mean_of <- function(design, data, a) {
  y <- number(data, a$var); rows <- inside(data, a$domain) & !is.na(y)
  if (!any(rows)) return(list(n = 0))
  sub <- numbered(design, rows, y)
  several <- sum(weights(sub) != 0) > 1
  m <- svymean(~.y, sub, deff = several); t <- svytotal(~.y, sub); df <- degf(sub)
  ci <- if (df > 0) confint(m, df = df, level = LEVEL) else c(NA, NA)
  list(n = sum(rows), est = coef(m)[[1]], se = root(vcov(m)), df = df, total = coef(t)[[1]], total_se = root(vcov(t)),
       variance = if (several) as.numeric(svyvar(~.y, sub)) else NA, deff = if (several) as.numeric(attr(m, "deff")) else NA, ci_lo = ci[1], ci_hi = ci[2])
}

share_of <- function(design, data, a) {
  y <- data[[a$var]]; rows <- inside(data, a$domain) & !is.na(y)
  if (!any(rows)) return(list(n = 0))
  events <- as.numeric(y == as.character(a$level)); n <- sum(rows)
  sub <- numbered(design, rows, events)
  m <- svymean(~.y, sub); t <- svytotal(~.y, sub); df <- degf(sub); p <- coef(m)[[1]]
  edge <- p < 1e-12 || p > 1 - 1e-12; v <- if (edge) 0 else as.numeric(vcov(m)); if (edge) p <- round(p)
  out <- list(n = n, n_events = sum(events[rows]), est = p, se = sqrt(v), df = df, total = coef(t)[[1]], total_se = root(vcov(t)))
  neff <- if (edge) n else p * (1 - p) / v
  out <- c(out, list(neff = neff, neff_trunc = min(n, neff)))
  if (df > 0) {
    t_df <- qt(1 - (1 - LEVEL) / 2, df); out <- c(out, list(ci_mean_lo = p - t_df * sqrt(v), ci_mean_hi = p + t_df * sqrt(v)))
    kg <- if (edge) n else min(n, neff * (qt(.975, n - 1) / t_df)^2)
    low <- if (p == 0) 0 else qbeta(.025, kg * p, kg * (1 - p) + 1); high <- if (p == 1) 1 else qbeta(.975, kg * p + 1, kg * (1 - p))
    out <- c(out, list(ci_kg_nchs_lo = low, ci_kg_nchs_hi = high))
    if (!edge) {
      x <- svycontrast(setNames(m, "p"), quote(log(p / (1 - p)))); e <- plogis(confint(x, df = df, level = LEVEL))
      b <- neff * (qt(.975, n - 1) / t_df)^2
      centre <- (p + t_df^2 / (2 * neff)) / (1 + t_df^2 / neff)
      reach <- t_df * sqrt(p * (1 - p) / neff + t_df^2 / (4 * neff^2)) / (1 + t_df^2 / neff)
      out <- c(out, list(ci_xlogit_lo = e[1], ci_xlogit_hi = e[2], ci_beta_lo = qbeta(.025, b * p, b * (1 - p) + 1),
                         ci_beta_hi = qbeta(.975, b * p + 1, b * (1 - p)), ci_wilson_lo = centre - reach, ci_wilson_hi = centre + reach))
    }
    width <- if (edge) 0 else high - low; few <- min(n, neff) < 30
    suppress <- few || (width > .05 && (width >= .30 || width / p > 1.30))
    out <- c(out, list(nchs_suppress = suppress * 1, nchs_complement = (!suppress && width > .05 && width / (1 - p) > 1.30) * 1,
                       nchs_review = (!suppress && (edge || df < 8)) * 1))
  }
  out
}

ratio_of <- function(design, data, a) {
  num <- number(data, a$num); den <- number(data, a$den); rows <- inside(data, a$domain) & !is.na(num) & !is.na(den)
  if (!any(rows)) return(list(n = 0))
  design$variables$.num <- ifelse(rows, num, 0); design$variables$.den <- ifelse(rows, den, 0); sub <- design[rows, ]
  r <- svyratio(~.num, ~.den, sub)
  list(n = sum(rows), est = coef(r)[[1]], se = root(vcov(r)), df = degf(sub))
}

difference <- function(design, y, first, second) {
  rows <- first | second
  if (!any(first) || !any(second)) return(list())
  design$variables$.y <- ifelse(rows, y, 0); design$variables$.one <- ifelse(first, 1, 0)
  design$variables$.a <- ifelse(first, y, 0); design$variables$.b <- ifelse(second, y, 0); design$variables$.two <- ifelse(second, 1, 0)
  sub <- design[rows, ]
  w <- weights(sub); v <- sub$variables; one <- sum(w * v$.one); two <- sum(w * v$.two); a <- sum(w * v$.a) / one; b <- sum(w * v$.b) / two
  sub$variables$.z <- (v$.a - a * v$.one) / one - (v$.b - b * v$.two) / two
  list(diff = a - b, se = root(vcov(svytotal(~.z, sub))), df = degf(sub))
}

rest_of <- function(design, data, a) {
  y <- data[[a$var]]; known <- !is.na(y); here <- inside(data, a$domain) & known
  other <- rep(FALSE, nrow(data)); for (column in names(a$domain)) other <- other | (!is.na(data[[column]]) & data[[column]] != as.character(a$domain[[column]]))
  d <- difference(design, as.numeric(y == as.character(a$level)), here, other & known)
  list(diff_rest = d$diff, diff_rest_se = d$se, df = d$df)
}

waves_of <- function(design, data, a) {
  w <- data[[a$wave]]; y <- number(data, a$var); kinds <- unique(w[!is.na(w)]); kinds <- kinds[order(as.numeric(kinds))]
  rows <- inside(data, a$domain) & !is.na(y) & !is.na(w)
  d <- difference(design, y, rows & w == kinds[2], rows & w == kinds[1])
  if (!is.null(d$df) && d$df > 0) d <- c(d, list(ci_lo = d$diff - qt(.975, d$df) * d$se, ci_hi = d$diff + qt(.975, d$df) * d$se))
  d
}

weights_of <- function(design, data, a) {
  w <- weights(design); list(sum = sum(w), min = min(w), max = max(w), sumsq = sum(w^2), kish_deff = length(w) * sum(w^2) / sum(w)^2)
}

STATS <- list(mean = mean_of, proportion = share_of, ratio = ratio_of, domain_minus_rest = rest_of, wave2_minus_wave1 = waves_of, weights_summary = weights_of)

for (path in commandArgs(TRUE)) {
  case <- fromJSON(path, simplifyVector = FALSE)
  data <- read.csv(file.path(dirname(path), case$csv), colClasses = "character", na.strings = "", check.names = FALSE, strip.white = FALSE, fileEncoding = "UTF-8-BOM")
  designs <- lapply(case$designs, function(d) { options(survey.lonely.psu = d$lonely_psu); tryCatch(suppressWarnings(design_of(data, d)), error = function(e) conditionMessage(e)) })
  answers <- list()
  for (e in case$estimates) {
    about <- case$designs[[e$design]]; design <- designs[[e$design]]
    options(survey.lonely.psu = about$lonely_psu, survey.adjust.domain.lonely = isTRUE(about$adjust_domain_lonely))
    answers[[e$id]] <- if (is.character(design)) list(error = design) else
      tryCatch(suppressWarnings(STATS[[e$stat]](design, data, e$args)), error = function(err) list(error = conditionMessage(err)))
    if (!length(answers[[e$id]])) answers[[e$id]] <- list(empty = TRUE)
  }
  write(toJSON(answers, auto_unbox = TRUE, digits = NA, null = "null", na = "null"), paste0(path, ".out"))
}
