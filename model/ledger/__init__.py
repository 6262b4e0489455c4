"""The ledger: which reports of many articles tell of one incident, with every version kept.

documents ─► reports ─► candidate pairs (blocking) ─► scored pairs (similarity) ─► incidents (grouping)
          ─► versions of each figure by speaker ─► tables, page
"""
